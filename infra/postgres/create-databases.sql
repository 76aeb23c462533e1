-- One database per service: services share no tables.
create database specie_compliance;
create database specie_issuance;
create database specie_deals;
create database specie_market;
create database specie_metering;
create database specie_audit;

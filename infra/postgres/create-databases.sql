-- One database per service: services share no tables. Three kinds of roles: specie_migrations owns the tables and is used
-- by the command "migrate" alone, each service works as its own, specie_reader reads the logs of all. What the last two
-- may do is granted by "migrate". The passwords are for development.
create role specie_migrations login password 'specie';
create role specie_reader login password 'specie';
alter role specie_reader set default_transaction_read_only = on;
alter role specie_reader set idle_in_transaction_session_timeout = '60s';

create role specie_compliance login password 'specie';
create role specie_issuance login password 'specie';
create role specie_deals login password 'specie';
create role specie_market login password 'specie';
create role specie_metering login password 'specie';
create role specie_audit login password 'specie';

create database specie_compliance owner specie_migrations;
create database specie_issuance owner specie_migrations;
create database specie_deals owner specie_migrations;
create database specie_market owner specie_migrations;
create database specie_metering owner specie_migrations;
create database specie_audit owner specie_migrations;

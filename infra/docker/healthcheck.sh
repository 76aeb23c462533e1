#!/bin/bash
# The health check of a service container: exits 0 once the service is ready. Starts no Node for it.
exec 3<>"/dev/tcp/127.0.0.1/${PORT}" || exit 1
printf 'GET /health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
read -r _ status _ <&3
[ "$status" = 200 ]

// The health check of a service container: exits 0 once the service is ready.
const answer = await fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).catch(() => null);
process.exit(answer?.ok ? 0 : 1);

"""The worst that happens: processes are killed, a worker stalls, an intake is away for weeks, a token expires."""

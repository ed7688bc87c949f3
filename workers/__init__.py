"""When and where it happens: processes, queues, time."""

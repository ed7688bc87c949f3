"""The web part: WebSub callbacks, metrics, health. Settings: `[web]`."""

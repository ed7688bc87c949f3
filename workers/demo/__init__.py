"""The built-in offline world: loopback news sites, a site at scale, and a webhook receiver."""

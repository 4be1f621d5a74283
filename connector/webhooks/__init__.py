"""The doors for webhooks: verify, store, answer; everything else happens later."""

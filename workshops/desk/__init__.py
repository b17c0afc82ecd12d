"""The desk at the door: pages for its phones, what they keep for when there is no network, and how the organiser follows it."""

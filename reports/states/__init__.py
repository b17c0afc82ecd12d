"""Who stays behind: never started, stopped, failed, about to expire, and subjects of which nobody has come; counted by place."""

"""The way to the office and back: unsigned files go out as a ZIP, are signed there with the office's own tool and token, and come
back to be given out instead of ours."""

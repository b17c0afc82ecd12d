"""What people may ask of the data kept about them (Law 91/2025/QH15, Decree 356/2025/NĐ-CP): seeing and taking along (`kept`),
asking and being answered in time (`rules`, `actions`), erasing (`erasing`), and what goes by itself after a time (`purging`).

`pages` and `proving` are the trainee's side, `viewsets` and `admin_views` the officer's.
"""

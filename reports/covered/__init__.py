"""How far training has reached: subjects headed by somebody who has learnt, and officials who hold a certificate beside their posts."""

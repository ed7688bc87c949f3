"""The database: the truth about every URL, record, alert and delivery."""

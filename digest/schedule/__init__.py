"""When each newsletter and each reader is due, in any time zone."""

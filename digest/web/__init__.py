"""The pages a reader and an editor meet, and the API beneath them. One file a resource."""

"""The API, for other programs: /api/v1, told at /api/docs. One file a resource."""

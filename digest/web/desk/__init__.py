"""The desk: the editor's and the operator's pages, signed in. One file a resource."""

"""A small client to a real Chang'An Chain (ChainMaker) node over gRPC. Optional: needs grpcio and
protobuf (dependency group `node`), and nothing else of the product needs it.

See docs/real-network.md. Tested against a stand-in of ours only, never against a real node.
"""

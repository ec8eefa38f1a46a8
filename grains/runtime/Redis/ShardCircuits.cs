namespace OrleansCache.Redis;

/// <summary>The circuits of a shard: each kind of call fails, and recovers, on its own.</summary>
internal sealed record ShardCircuits(NodeCircuit Read, NodeCircuit Replica, NodeCircuit Write)
{
    public NodeCircuit[] All { get; } = [Read, Replica, Write];

    /// <summary>
    /// The circuit that a read takes now. A replica may be behind, which costs at most a round trip: an owner confirms what is read.
    /// </summary>
    public NodeCircuit ForRead(NodeShard shard, out bool fromReplica)
    {
        fromReplica = (Read.IsOpen || !shard.IsConnected) && shard.HasReplica;
        return fromReplica ? Replica : Read;
    }

    /// <summary>What the circuits say about the shard.</summary>
    public NodeFinding Find(NodeShard shard)
    {
        var fromReplica = Read.IsOpen && shard.HasReplica;
        return new(shard, fromReplica ? Replica.Reason : Read.Reason, fromReplica, Write.Reason);
    }
}

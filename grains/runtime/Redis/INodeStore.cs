namespace OrleansCache.Redis;

/// <summary>
/// The servers behind a node, without any protection: a call may hang and may fail with any exception, but only through its task.
/// <see cref="GuardedNode"/> makes a node of it.
/// </summary>
internal interface INodeStore : IAsyncDisposable
{
    /// <summary>All shards as they are known now, at least one.</summary>
    IReadOnlyList<NodeShard> Shards { get; }

    /// <summary>Why there is no connection; null while there is one.</summary>
    string? Problem { get; }

    /// <summary>The shard that serves a key now.</summary>
    NodeShard ShardOf(string key);

    /// <summary>A key that the shard serves and that belongs to no book; null when none is found.</summary>
    string? ProbeKeyOf(NodeShard shard);

    /// <summary>Asks which shards there are, and connects if there is no connection.</summary>
    Task RefreshAsync();

    Task<NodeEntry?> ReadAsync(string key, bool fromReplica);

    Task WriteAsync(CachedRow row, TimeSpan timeToLive, bool overwrite);

    /// <summary>Writes a value that is no entry in the way of <see cref="WriteAsync"/>; it is gone after a second.</summary>
    Task ProbeWriteAsync(string key);

    Task RemoveAsync(IReadOnlyList<string> keys);

    Task<NodePurge> ClearAsync(CancellationToken cancellation);
}

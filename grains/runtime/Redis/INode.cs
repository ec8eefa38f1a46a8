namespace OrleansCache.Redis;

/// <summary>
/// A region's Redis, or the in-memory stand-in for one. Entries are advisory; the row version decides whether one is current. Every call
/// but <see cref="ClearAsync"/> ends within the node's budget.
/// </summary>
internal interface INode : IAsyncDisposable
{
    /// <summary>The node's name on the ring.</summary>
    string Name { get; }

    /// <summary>How the node is found by using it.</summary>
    NodeHealth Health { get; }

    /// <summary>Called after each change of <see cref="Health"/>. At most one listener; it must not block.</summary>
    Action<INode>? Changed { get; set; }

    /// <summary>Whether a read of a key is attempted now; not while the circuit of its shard is open after repeated failures.</summary>
    bool CanRead(string key);

    /// <summary>Whether a write of a key is attempted now; as for <see cref="CanRead"/>, but reads may go on while writes do not.</summary>
    bool CanWrite(string key);

    /// <summary>Reads an entry and the rest of its TTL, in one round trip.</summary>
    /// <returns>The entry, or null when the node has none, or one that cannot be read.</returns>
    /// <exception cref="NodeUnavailableException">No response within the budget, too many calls in flight, or an open circuit.</exception>
    ValueTask<NodeEntry?> ReadAsync(string key, CancellationToken cancellation);

    /// <summary>
    /// Writes a row, or the tombstone of a removed one, with its TTL, in one round trip. An entry of a higher version is left as it is
    /// unless <paramref name="overwrite"/> is set, which says that the row has just been read from the catalog.
    /// </summary>
    /// <exception cref="NodeUnavailableException">As for <see cref="ReadAsync"/>.</exception>
    ValueTask WriteAsync(CachedRow row, TimeSpan timeToLive, bool overwrite, CancellationToken cancellation);

    /// <summary>Removes entries, in one round trip.</summary>
    /// <exception cref="NodeUnavailableException">As for <see cref="ReadAsync"/>.</exception>
    ValueTask RemoveAsync(IReadOnlyList<string> keys, CancellationToken cancellation);

    /// <summary>Removes all entries of the cache, and nothing else from the server. Takes longer the more keys the server has.</summary>
    /// <returns>How many entries were removed, and which shards were not emptied.</returns>
    /// <exception cref="NodeUnavailableException">There is no connection, or the node is down.</exception>
    ValueTask<NodePurge> ClearAsync(CancellationToken cancellation);

    /// <summary>
    /// Reads and writes a probe key of each shard, whatever the state of the circuits: a server that responds to a ping may still refuse
    /// what it is needed for. Takes at most three times the budget.
    /// </summary>
    /// <returns>What was found; it may be worse than <see cref="Health"/>, which takes more than one failure.</returns>
    ValueTask<NodeHealth> ProbeAsync(CancellationToken cancellation);
}

/// <summary>An entry of a node.</summary>
/// <param name="Row">The row; without a payload when the book was removed.</param>
/// <param name="TimeToLive">The rest of its TTL.</param>
internal readonly record struct NodeEntry(CachedRow Row, TimeSpan TimeToLive);

/// <summary>Makes nodes from their definitions.</summary>
internal interface INodeFactory
{
    /// <summary>Makes a node; does not wait for its connection.</summary>
    /// <exception cref="InvalidTopologyException">The connection string is invalid.</exception>
    INode Create(NodeDefinition definition);

    /// <summary>The address in a connection string, without user and password.</summary>
    /// <exception cref="InvalidTopologyException">The connection string is invalid.</exception>
    string AddressOf(string connection);
}

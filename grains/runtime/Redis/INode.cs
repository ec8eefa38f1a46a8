namespace OrleansCache.Redis;

/// <summary>
/// A region's Redis, or the in-memory stand-in for one. Entries are advisory; the row version decides whether one is current. Every call
/// but <see cref="ClearAsync"/> ends within the node's budget.
/// </summary>
internal interface INode : IAsyncDisposable
{
    /// <summary>The node's name on the ring.</summary>
    string Name { get; }

    /// <summary>Whether calls are attempted now; false while the circuit is open after repeated failures.</summary>
    bool IsAvailable { get; }

    /// <summary>Called after each change of <see cref="IsAvailable"/>. At most one listener; it must not block.</summary>
    Action<INode>? Changed { get; set; }

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
    /// <returns>How many entries were removed.</returns>
    /// <exception cref="NodeUnavailableException">No response, or an open circuit; some entries may have been removed.</exception>
    ValueTask<long> ClearAsync(CancellationToken cancellation);

    /// <summary>Sends a ping whatever the state of the circuit.</summary>
    /// <exception cref="NodeUnavailableException">No response within the budget.</exception>
    ValueTask PingAsync(CancellationToken cancellation);
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

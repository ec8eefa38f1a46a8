namespace OrleansCache.Redis;

/// <summary>The store of a <c>memory:NAME</c> connection, on a <see cref="MemoryServer"/>.</summary>
internal sealed class MemoryStore(MemoryServer server) : INodeStore
{
    private const string Scheme = "memory:";

    /// <summary>The server's name in a connection string, or null when the connection is not <c>memory:NAME</c>.</summary>
    /// <exception cref="InvalidTopologyException">The name is invalid.</exception>
    public static string? ServerNameIn(string connection)
    {
        if (connection is null || !connection.StartsWith(Scheme, StringComparison.Ordinal))
            return null;
        var name = connection[Scheme.Length..];
        return name.Length is >= 1 and <= 64 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? name
            : throw new InvalidTopologyException(
                "A memory: connection needs a name of 1 to 64 letters, digits, '-', '_' or '.'; give one such as memory:eu-1.");
    }

    public IReadOnlyList<NodeShard> Shards { get; } = [NodeShard.Whole];

    public string? Problem => null;

    public NodeShard ShardOf(string key) => NodeShard.Whole;

    public string? ProbeKeyOf(NodeShard shard) => "probe";

    public Task RefreshAsync() => Task.CompletedTask;

    public async Task<NodeEntry?> ReadAsync(string key, bool fromReplica)
    {
        await server.EnterAsync().ConfigureAwait(false);
        return server.Read(key);
    }

    public async Task WriteAsync(CachedRow row, TimeSpan timeToLive, bool overwrite)
    {
        await server.EnterAsync().ConfigureAwait(false);
        server.Write(row, timeToLive, overwrite);
    }

    public async Task RemoveAsync(IReadOnlyList<string> keys)
    {
        await server.EnterAsync().ConfigureAwait(false);
        server.Remove(keys);
    }

    public Task ProbeWriteAsync(string key) => server.EnterAsync();

    public async Task<NodePurge> ClearAsync(CancellationToken cancellation)
    {
        await server.EnterAsync().ConfigureAwait(false);
        return new(server.Clear(), []);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

namespace OrleansCache.Redis;

/// <summary>A connection to a <see cref="MemoryServer"/>.</summary>
internal sealed class MemoryStore(MemoryServer server) : INodeStore
{
    public async Task<NodeEntry?> ReadAsync(string key)
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

    public async Task<long> ClearAsync(CancellationToken cancellation)
    {
        await server.EnterAsync().ConfigureAwait(false);
        return server.Clear();
    }

    public Task PingAsync() => server.EnterAsync();

    public void Reconnect()
    {
        // There is no connection that could be dead.
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

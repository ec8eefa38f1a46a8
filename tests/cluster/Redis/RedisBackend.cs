using Microsoft.Extensions.Logging.Abstractions;
using OrleansCache.Entries;
using OrleansCache.Redis;
using OrleansCache.TestSupport;
using OrleansCache.Timing;

namespace OrleansCache.Tests.Redis;

internal sealed class RedisBackend(RedisServer server) : INodeBackend
{
    public RedisServer Server => server;

    public static INode CreateNode(string connection, NodeOptions settings, EntryScope? scope = null) =>
        new NodeFactory(
            settings, scope ?? TestEntries.Scope, new(Clock.System, settings), Clock.System, ProcessLag.None, NullLoggerFactory.Instance)
            .Create(new("eu-1", connection));

    public TimeSpan Elapsed => TimeSpan.FromMilliseconds(Clock.System.Now);

    public INode CreateNode(NodeOptions settings) => CreateNode(server.ConnectionString, settings);

    public Task PauseAsync() => server.PauseAsync();

    public Task ResumeAsync() => server.ResumeAsync();

    public async Task KillAsync() => await server.KillAsync();

    public Task RestartAsync() => server.RestartAsync();

    public Task PassTimeUntilAsync(Func<bool> condition, string what) => Eventually.IsTrueAsync(condition, what);

    public ValueTask DisposeAsync() => server.DisposeAsync();
}

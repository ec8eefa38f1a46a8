using Microsoft.Extensions.Logging.Abstractions;
using OrleansCache.Redis;
using OrleansCache.TestSupport;
using OrleansCache.Timing;

namespace OrleansCache.Tests.Redis;

internal sealed class MemoryBackend : INodeBackend
{
    private readonly ManualClock _clock = new();
    private readonly MemoryServers _servers;

    public MemoryBackend() => _servers = new(_clock, new());

    public TimeSpan Elapsed => TimeSpan.FromMilliseconds(_clock.Now);

    public INode CreateNode(NodeOptions settings) =>
        new NodeFactory(settings, TestEntries.Scope, _servers, _clock, ProcessLag.None, NullLoggerFactory.Instance)
            .Create(new("eu-1", "memory:eu-1"));

    public Task PauseAsync()
    {
        Server.Pause();
        return Task.CompletedTask;
    }

    public Task ResumeAsync()
    {
        Server.Resume();
        return Task.CompletedTask;
    }

    public Task KillAsync()
    {
        Server.Stop();
        return Task.CompletedTask;
    }

    public Task RestartAsync()
    {
        Server.Start();
        return Task.CompletedTask;
    }

    public Task PassTimeUntilAsync(Func<bool> condition, string what) => _clock.AdvanceUntilAsync(condition, what);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private MemoryServer Server => _servers.Get("eu-1");
}

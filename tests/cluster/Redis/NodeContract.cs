using System.Diagnostics;
using System.Text;
using OrleansCache.Redis;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Redis;

/// <summary>The contract of every node, whatever its store.</summary>
public abstract partial class NodeContract : IAsyncLifetime
{
    protected static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // For tests that are not about budgets: a call must not fail because the machine is busy.
    protected static readonly NodeOptions Patient = new() { Budget = TimeSpan.FromSeconds(30) };

    private INodeBackend? _backend;
    private INode? _node;

    private INodeBackend Backend => _backend!;

    public async Task InitializeAsync() => _backend = await CreateBackendAsync();

    public async Task DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
        await Backend.DisposeAsync();
    }

    protected static CachedRow Row(string key, long version) =>
        new(key, new(version, Guid.NewGuid()), Encoding.UTF8.GetBytes($$"""{"title":"{{key}}"}"""));

    private protected static async Task<long?> VersionOfAsync(INode node, string key) =>
        (await node.ReadAsync(key, default))?.Row.Identity.Version;

    /// <summary>Whether a call succeeds; false if the node is unavailable.</summary>
    protected static async Task<bool> RespondsAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (NodeUnavailableException)
        {
            return false;
        }
    }

    private protected static bool IsUp(INode node) => node.Health.State == NodeState.Up;

    private protected static Task<bool> RespondsAsync(INode node) =>
        RespondsAsync(async () => await node.ReadAsync("warm", default));

    private protected abstract Task<INodeBackend> CreateBackendAsync();

    /// <summary>Lets time pass until a condition that needs calls holds; a call may need the time to pass, too.</summary>
    private async Task PassTimeUntilAsync(Func<Task<bool>> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var asking = condition();
            await Backend.PassTimeUntilAsync(() => asking.IsCompleted, what);
            if (await asking)
                return;
            if (Stopwatch.GetElapsedTime(started) > Eventually.Bound)
                throw new TimeoutException($"Not within {Eventually.Bound.TotalSeconds:0} s: {what}");
            await PassSomeTimeAsync();
        }
    }

    private Task PassSomeTimeAsync()
    {
        var looks = 0;
        return Backend.PassTimeUntilAsync(() => ++looks > 2, "some time passes");
    }

    private INode Node(NodeOptions settings) => _node = Backend.CreateNode(settings);

    // The first call opens the connection, which may take longer than a short budget on a busy machine.
    private Task WarmUpAsync(INode node) =>
        PassTimeUntilAsync(async () => (await node.ProbeAsync(default)).State == NodeState.Up && IsUp(node), "the node responds");

    private async Task FailAsync(INode node)
    {
        var call = RespondsAsync(node);
        await Backend.PassTimeUntilAsync(() => call.IsCompleted, "a call ends");
        Assert.False(await call);
    }

    private async Task FailUntilOpenAsync(INode node)
    {
        for (var i = 0; node.CanRead("warm"); i++)
        {
            Assert.True(i < 100, "The circuit is not open after 100 failures.");
            await FailAsync(node);
        }
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using OrleansCache.Client;
using OrleansCache.Entries;
using OrleansCache.TestSupport;
using OrleansCache.Timing;

namespace OrleansCache.Tests.Client;

/// <summary>A client of a <see cref="FakeCluster"/>, in time that only the test moves. Its catalog has one book, in version 7.</summary>
internal sealed class ClientScene : IAsyncDisposable
{
    public const string Key = "book::1984";

    private readonly NearCache? _near;

    /// <summary>Makes a client, with a near cache unless the options say otherwise.</summary>
    /// <param name="configure">Changes its options.</param>
    /// <param name="regions">The regions, home first; three unless given.</param>
    /// <param name="isConnected">Whether a gateway of each region has answered, at no distance.</param>
    /// <param name="lag">How late the process runs; not at all unless given.</param>
    public ClientScene(
        Action<CacheClientOptions>? configure = null, string[]? regions = null, bool isConnected = true, ProcessLag? lag = null)
    {
        foreach (var name in regions ?? ["europe", "asia", "northamerica"])
            Options.Regions.Add(new ClientRegionOptions { Name = name, Gateways = { "127.0.0.1:30000" } });
        Options.Home = Options.Regions[0].Name;
        configure?.Invoke(Options);
        Map = Options.ToRegionMap();
        var options = Microsoft.Extensions.Options.Options.Create(Options);
        var time = Clock.TimeProvider;
        Seen = new(time);
        States = new(Map, options, lag ?? ProcessLag.None, time);
        if (isConnected)
        {
            foreach (var region in Map.Names)
                Connect(region);
        }

        if (Options.NearCacheBytes > 0)
            _near = new(Cluster, States, Seen, options, Clock, NullLogger<NearCache>.Instance);
        var connection = new FirstConnection(Cluster, States, options, time);
        var editor = new Editor(Cluster, connection, Map, options, time);
        Metrics = new(new TestMeters(), _near, States);
        Cache = new(Cluster, editor, Map, States, connection, new ClientSession(Seen, _near), Metrics, options, time);
        Cluster.Put(Key, 7);
    }

    public CacheClientOptions Options { get; } = new();

    public RegionMap Map { get; }

    public SuspendableClock Clock { get; } = new();

    public ManualTimeProvider Time => Clock.Time;

    public FakeCluster Cluster { get; } = new();

    public RegionStates States { get; }

    public SeenVersions Seen { get; }

    public ClientMetrics Metrics { get; }

    public NearCache Near => _near ?? throw new InvalidOperationException("This client has no near cache.");

    public BookCache Cache { get; }

    /// <summary>The number of requests for a single key.</summary>
    public int Asked => Cluster.Lookups.Count;

    public static ClientScene WithoutNearCache(
        Action<CacheClientOptions>? configure = null, string[]? regions = null, bool isConnected = true, ProcessLag? lag = null) => new(
        options =>
        {
            options.NearCacheBytes = 0;
            configure?.Invoke(options);
        },
        regions,
        isConnected,
        lag);

    /// <summary>A client that the silo knows already.</summary>
    public static async Task<ClientScene> JoinedAsync(Action<CacheClientOptions>? configure = null)
    {
        var scene = new ClientScene(configure);
        await scene.GetAsync("book::to meet a silo");
        await Eventually.IsTrueAsync(() => scene.Near.Silos == 1, "the silo knows the client");
        scene.Cluster.Lookups.Clear();
        return scene;
    }

    /// <summary>Has a gateway of a region answer, at a distance.</summary>
    public void Connect(string region, TimeSpan roundTrip = default, TimeSpan ownerRoundTrip = default)
    {
        States.Of(region).Distance.Forget();
        States.Of(region).Distance.Note(roundTrip, ownerRoundTrip);
        States.Of(region).NoteAnswer();
    }

    public Task<LookupResult> GetAsync(string key = Key, GetOptions? options = null, CancellationToken cancellation = default) =>
        Cache.GetAsync(key, options ?? new() { Region = "europe" }, cancellation).AsTask();

    public Task<LookupResult> GetFromAsync(
        string region = "europe", bool requireCoherent = false, CancellationToken cancellation = default) =>
        GetAsync(Key, new() { Region = region, RequireCoherent = requireCoherent }, cancellation);

    /// <summary>Has the next lookups wait until the source completes, with the answers of the moment in which they were asked.</summary>
    public TaskCompletionSource HoldLookups()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Cluster.OnLookup = async (key, options, cancellation) =>
        {
            var answer = Cluster.Answer(key, options);
            await release.Task.WaitAsync(cancellation);
            return answer;
        };
        return release;
    }

    public Task AskedAsync(int times) => Eventually.IsTrueAsync(() => Asked >= times, $"{times} requests");

    /// <summary>Lets seconds pass, and waits for the renewals of each.</summary>
    public async Task PassSecondsAsync(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            var rounds = Near.Rounds;
            Clock.Advance(TimeSpan.FromSeconds(1));
            await Eventually.IsTrueAsync(() => Near.Rounds > rounds, "the renewals");
        }
    }

    /// <summary>Lets time pass, after what runs now: an attempt must not be charged for time before it began.</summary>
    public async Task PassAsync(TimeSpan step)
    {
        for (var i = 0; i < 20; i++)
            await Task.Yield();
        Clock.Advance(step);
    }

    /// <summary>Lets time pass in small steps until a task has ended.</summary>
    public Task PassUntilEndOfAsync(Task task, TimeSpan? step = null) => Eventually.IsTrueAsync(
        async () =>
        {
            if (!task.IsCompleted)
                await PassAsync(step ?? TimeSpan.FromMilliseconds(25));
            return task.IsCompleted;
        },
        "the task to end");

    public async ValueTask DisposeAsync()
    {
        await Cache.DisposeAsync();
        if (_near is not null)
            await _near.DisposeAsync();
    }
}

/// <summary>A manual clock of a machine that can be suspended: the wall clock goes on meanwhile, the monotonic one does not.</summary>
internal sealed class SuspendableClock : Clock
{
    private const long Origin = 1_000_000;

    private readonly Provider _provider;

    public SuspendableClock() => _provider = new(Time);

    public ManualTimeProvider Time { get; } = new();

    public override long Now => Origin + (long)Time.Elapsed.TotalMilliseconds;

    public override TimeProvider TimeProvider => _provider;

    public void Advance(TimeSpan time) => Time.Advance(time);

    public void Suspend(TimeSpan time) => _provider.Ahead += time;

    private sealed class Provider(TimeProvider inner) : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Ahead;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            inner.CreateTimer(callback, state, dueTime, period);
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using OrleansCache.Client;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Client.NearCaches;

/// <summary>A client with a near cache over a cluster that a test plays, in time that only the test moves.</summary>
internal sealed class NearScene : IAsyncDisposable
{
    public const string Key = "book::1984";

    public NearScene(Action<CacheClientOptions>? configure = null)
    {
        foreach (var name in (string[])["europe", "asia"])
            Options.Regions.Add(new RegionOptions { Name = name, Gateways = { "127.0.0.1:30000" } });
        Options.Home = "europe";
        configure?.Invoke(Options);
        var (settings, map, time) = (Microsoft.Extensions.Options.Options.Create(Options), Options.ToRegionMap(), Clock.TimeProvider);
        Seen = new(time);
        Near = new(Cluster, Seen, settings, Clock, NullLogger<NearCache>.Instance);
        Cache = new(Cluster, Cluster, new Editor(Cluster, map, settings, time), map, new RegionHealthMap(map, settings, time), Seen, Near, settings, time);
        Cluster.Put(Key, 7);
    }

    public CacheClientOptions Options { get; } = new();

    public SuspendableClock Clock { get; } = new();

    public FakeCluster Cluster { get; } = new();

    public SeenVersions Seen { get; }

    public NearCache Near { get; }

    public BookCache Cache { get; }

    /// <summary>How many lookups the cluster was asked for.</summary>
    public int Asked => Cluster.Lookups.Count;

    /// <summary>A scene whose client the silo knows already.</summary>
    public static async Task<NearScene> JoinedAsync(Action<CacheClientOptions>? configure = null)
    {
        var scene = new NearScene(configure);
        await scene.JoinAsync();
        return scene;
    }

    /// <summary>Meets the silo, and waits until it knows the client.</summary>
    public async Task JoinAsync()
    {
        await GetAsync("book::to meet a silo");
        await Eventually.IsTrueAsync(() => Cluster.Knows(Near.Client), "the silo knows the client");
        Cluster.Lookups.Clear();
    }

    public Task<LookupResult> GetAsync(string key = Key, GetOptions? options = null, CancellationToken cancellation = default) =>
        Cache.GetAsync(key, options ?? new() { Region = "europe" }, cancellation).AsTask();

    /// <summary>Lets seconds pass, and each time waits until the leases have been looked after.</summary>
    public async Task PassAsync(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            var rounds = Near.Rounds;
            Clock.Advance(TimeSpan.FromSeconds(1));
            await Eventually.IsTrueAsync(() => Near.Rounds > rounds, "the leases to be looked after");
        }
    }

    /// <summary>Has the next lookups wait for a word, and then be answered as things are when they were asked.</summary>
    public TaskCompletionSource HoldLookups()
    {
        var word = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Cluster.OnLookup = async (key, options, cancellation) =>
        {
            var answer = Cluster.Answer(key, options);
            await word.Task.WaitAsync(cancellation);
            return answer;
        };
        return word;
    }

    public Task AskedAsync(int times) => Eventually.IsTrueAsync(() => Asked >= times, $"{times} lookups");

    public async ValueTask DisposeAsync()
    {
        await Cache.DisposeAsync();
        await Near.DisposeAsync();
    }
}

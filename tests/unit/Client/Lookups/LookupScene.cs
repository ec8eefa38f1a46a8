using Microsoft.Extensions.Options;
using OrleansCache.Client;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Client.Lookups;

/// <summary>A book cache over fake grains in time that only the test moves.</summary>
internal sealed class LookupScene
{
    public LookupScene(params string[] regions)
        : this(_ => { }, regions)
    {
    }

    public LookupScene(Action<CacheClientOptions> configure, params string[] regions)
    {
        configure(Options);
        foreach (var name in regions.Length > 0 ? regions : ["europe", "asia", "northamerica"])
            Options.Regions.Add(new RegionOptions { Name = name, Gateways = { "127.0.0.1:30000" } });
        Options.Home = Options.Regions[0].Name;
        Map = Options.ToRegionMap();
        var settings = Microsoft.Extensions.Options.Options.Create(Options);
        HealthMap = new RegionHealthMap(Map, settings, Time);
        Cache = new BookCache(Grains, Grains, new Editor(Grains, Map, settings, Time), Map, HealthMap, new SeenVersions(Time), near: null, settings, Time);
    }

    public CacheClientOptions Options { get; } = new();

    public RegionMap Map { get; }

    public FakeGrains Grains { get; } = new();

    public RegionHealthMap HealthMap { get; }

    public ManualTimeProvider Time { get; } = new();

    public IBookCache Cache { get; }

    public Task<LookupResult> GetAsync(string? region = "europe", bool requireCoherent = false, CancellationToken cancellation = default) =>
        Cache.GetAsync("book::1984", new GetOptions { Region = region, RequireCoherent = requireCoherent }, cancellation).AsTask();

    /// <summary>Waits until so many attempts have been made.</summary>
    public Task AskedAsync(int times) => Eventually.IsTrueAsync(() => Grains.Asked.Count >= times, $"{times} attempts");

    /// <summary>Lets time pass in small steps until the lookup has ended.</summary>
    public async Task PassUntilEndOfAsync(Task lookup)
    {
        await Eventually.IsTrueAsync(
            async () =>
            {
                if (!lookup.IsCompleted)
                    await PassAsync(TimeSpan.FromMilliseconds(25));
                return lookup.IsCompleted;
            },
            "the lookup to end");
    }

    /// <summary>Lets everyone run, so that no attempt is charged for time that passed before it began, and then time pass.</summary>
    public async Task PassAsync(TimeSpan step)
    {
        for (var i = 0; i < 20; i++)
            await Task.Yield();
        Time.Advance(step);
    }
}

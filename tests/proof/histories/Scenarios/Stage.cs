using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Catalogs;
using OrleansCache.LocalClusters;
using OrleansCache.Lookups;
using OrleansCache.Owners;
using OrleansCache.Placement;
using OrleansCache.Proof.Clusters;
using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Scenarios;

/// <summary>
/// A small cluster for each scenario: a silo and an application in Europe, which is home, and the same in Asia. There is one book, and
/// every call on it is recorded.
/// </summary>
internal sealed class Stage : IAsyncDisposable
{
    public const string Book = "scenario::book";

    public const string InEurope = "europe";
    public const string InAsia = "asia";

    // What the coarse clocks of two processes, and the ticks that leases are counted shorter and longer by, come to at most.
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(100);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanscache-scenario-");
    private readonly History _history = new(TimeProvider.System);
    private LocalCluster? _cluster;
    private Application? _europe;
    private Application? _asia;

    private Stage(bool hasRule, TimeSpan lease)
    {
        (HasRule, Lease) = (hasRule, lease);
        Sql = new(CatalogPath, _history);
    }

    /// <summary>Whether the cluster keeps the rule that the scenario is about; only the mutant build has a switch for it.</summary>
    public bool HasRule { get; }

    public TimeSpan Lease { get; }

    /// <summary>The author, whose silo has the book's owner.</summary>
    public Application Europe => _europe!;

    /// <summary>The reader, far away from the owner.</summary>
    public Application Asia => _asia!;

    /// <summary>Somebody who edits the book past the cache.</summary>
    public SqlAuthor Sql { get; }

    public CallScript Calls { get; } = new();

    public StagePoints Points { get; } = new();

    public StageCatalog Catalog { get; private set; } = null!;

    /// <summary>The moment on the clock of the history.</summary>
    public TimeSpan Now => _history.Now;

    private string CatalogPath => Path.Combine(_folder.FullName, "catalog.db");

    /// <summary>Starts the cluster; the book has its first content.</summary>
    public static async Task<Stage> StartAsync(bool hasRule, TimeSpan lease, bool readerIsNear)
    {
        var stage = new Stage(hasRule, lease);
        try
        {
            await stage.StartAsync(readerIsNear);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Waits until every lease that was granted by a moment has ended, for whoever holds it and for whoever waits for its end.
    /// </summary>
    public Task PassLeaseAsync(TimeSpan from) => PassAsync(from + Lease + Margin);

    /// <summary>Waits until the clock has passed a moment.</summary>
    public async Task PassAsync(TimeSpan moment)
    {
        while (Now < moment)
            await Task.Delay(TimeSpan.FromMilliseconds(10));
    }

    /// <summary>What the history says so far.</summary>
    public Verdict Judge() => Verdict.On(_history.Calls(), Lease);

    public async ValueTask DisposeAsync()
    {
        // What is still held would hold up the cluster's end.
        Calls.OpenAll();
        Points.OpenAll();
        Catalog?.OpenAll();
        if (_asia is not null)
            await _asia.DisposeAsync();
        if (_europe is not null)
            await _europe.DisposeAsync();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task StartAsync(bool readerIsNear)
    {
        _cluster = await LocalCluster.StartAsync(
            new()
            {
                CatalogPath = CatalogPath,
                Nodes = LocalNodes.Memory,
                Regions = [InEurope, InAsia],
                Settings = new Dictionary<string, string>
                {
                    ["Leases:Length"] = Lease.ToString(),
                    // A book that was just edited is kept by clients all the same.
                    ["Leases:NearCacheCooldownAfterWrite"] = "00:00:00",
                    // Nobody gives an answer up that a scenario holds.
                    ["OwnerBudget"] = "00:00:25",
                    ["OwnerPatience"] = "00:00:25",
                },
                ConfigureServices = Configure,
            },
            CancellationToken.None);
        var applications = await Task.WhenAll(
            Application.StartAsync(_cluster, InEurope, isNear: false, Calls, _history),
            Application.StartAsync(_cluster, InAsia, readerIsNear, Calls, _history));
        (_europe, _asia) = (applications[0], applications[1]);
        await Europe.EditAsync();
    }

    private void Configure(IServiceCollection services)
    {
        // All silos share one catalog.
        var catalog = (ICatalog)services.Last(service => service.ServiceType == typeof(ICatalog)).ImplementationInstance!;
        services.AddSingleton<ICatalog>(Catalog ??= new(catalog));
        services.AddSingleton<IEditPoints>(Points);
        services.AddSingleton<ILoadPoints>(Points);
        services.AddSingleton<IIncomingGrainCallFilter>(provider => new IncomingCalls(Calls, RegionOf(provider)));
        services.AddSingleton<IOutgoingGrainCallFilter>(provider => new OutgoingCalls(Calls, RegionOf(provider)));

        static string RegionOf(IServiceProvider provider) => SiloName.RegionOf(provider.GetRequiredService<ILocalSiloDetails>().Name)!;
    }
}

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
/// The cluster of a scenario: a silo and an application in Europe, the home region, and the same in Asia. There is one book, and every call
/// on it is recorded.
/// </summary>
internal sealed class Stage : IAsyncDisposable
{
    public const string Book = "scenario::book";

    public const string InEurope = "europe";
    public const string InAsia = "asia";

    // An upper bound for the error of two coarse clocks, plus the ticks by which leases are counted shorter and longer.
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

    /// <summary>Whether the cluster keeps the rule of the scenario; only the mutant build can switch it off.</summary>
    public bool HasRule { get; }

    public TimeSpan Lease { get; }

    /// <summary>The author, in the region of the book's owner.</summary>
    public Application Europe => _europe!;

    /// <summary>The reader, in the other region.</summary>
    public Application Asia => _asia!;

    /// <summary>Edits the book directly in the database.</summary>
    public SqlAuthor Sql { get; }

    public CallScript Calls { get; } = new();

    public StagePoints Points { get; } = new();

    public StageCatalog Catalog { get; private set; } = null!;

    /// <summary>The current time on the clock of the history.</summary>
    public TimeSpan Now => _history.Now;

    private string CatalogPath => Path.Combine(_folder.FullName, "catalog.db");

    /// <summary>Starts the cluster and writes the book's first content.</summary>
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

    /// <summary>Waits until every lease granted by a given time has ended, for its holder and for those who wait for its end.</summary>
    public Task PassLeaseAsync(TimeSpan from) => PassAsync(from + Lease + Margin);

    /// <summary>Waits until a given time on that clock.</summary>
    public async Task PassAsync(TimeSpan moment)
    {
        while (Now < moment)
            await Task.Delay(TimeSpan.FromMilliseconds(10));
    }

    /// <summary>Checks the history so far.</summary>
    public Verdict Judge() => Verdict.On(_history.Calls(), Lease);

    public async ValueTask DisposeAsync()
    {
        // Calls that are still held would delay the cluster's shutdown.
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
                    // Without a cooldown, clients keep a book that was just edited.
                    ["Leases:NearCacheCooldownAfterWrite"] = "00:00:00",
                    // Longer than a scenario holds a response.
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

using System.Collections.Concurrent;
using System.Diagnostics;
using OrleansCache.Distance.Clients;
using OrleansCache.Distance.Clusters;
using OrleansCache.LocalClusters;
using OrleansCache.TestSupport;

namespace OrleansCache.Distance.Cuts;

/// <summary>
/// A cluster under a steady load of lookups in every region, with something that happens to it after a while and ends again. A silo that
/// ends is started again at once, as its supervisor would.
/// </summary>
internal sealed class CutRun : IAsyncDisposable
{
    /// <summary>The leases of the default settings.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    /// <summary>The lookups of a region per second.</summary>
    public const int Rate = 50;

    /// <summary>How long the trouble lasts.</summary>
    public static readonly TimeSpan Trouble = TimeSpan.FromSeconds(30);

    // The default of the setting Slots.
    private const int Slots = 64;

    private const int Books = 100;
    private const string Prefix = "cut::";

    // The book that is edited meanwhile, which the readers of all regions hold as well.
    private const string Edited = Prefix + "7";

    private static readonly TimeSpan Before = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(20);

    private readonly DistantCluster _cluster;
    private readonly Dictionary<string, DistantClient> _clients;
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<string> _ended = new();
    private readonly Task _supervision;

    private CutRun(DistantCluster cluster, DistantClient[] clients)
    {
        _cluster = cluster;
        _clients = clients.ToDictionary(client => client.Region);
        _supervision = Task.WhenAll(cluster.Processes.Silos.Select(silo => SuperviseAsync(silo.Name)));
    }

    public DistantNetwork Network => _cluster.Network!;

    public ProcessCluster Processes => _cluster.Processes;

    /// <summary>The silos that have ended and were started again.</summary>
    public IReadOnlyCollection<string> Ended => _ended;

    /// <summary>Starts a cluster whose regions all hold the books.</summary>
    public static async Task<CutRun> StartAsync(DistantClusterOptions options)
    {
        var cluster = await DistantCluster.StartAsync(options with { Books = new Dictionary<string, int> { [Prefix] = Books } });
        try
        {
            var clients = await Task.WhenAll(
                DistantCluster.Regions.Select(region => cluster.ConnectClientAsync(region, DistantCluster.WithoutNearCache)));
            // Cold lookups and the compilation of the first calls are not what a run is about.
            await Task.WhenAll(clients.Select(client => client.LoadAsync(Books, 3, Prefix, Books)));
            // Where home was the last region to have a silo, owners were activated elsewhere, and move.
            await Eventually.IsTrueAsync(
                async () => (await clients[0].StatisticsAsync()).Single(silo => silo.Region == DistantCluster.Europe).Owners == Slots,
                "all owners are at home");
            return new(cluster, clients);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the load, and the trouble in the midst of it.</summary>
    /// <param name="trouble">Begins the trouble, such as a cut.</param>
    /// <param name="end">Ends it; by default all cuts are healed.</param>
    public async Task<CutCourse> RunAsync(Func<Task> trouble, Action? end = null)
    {
        var seconds = (int)(Before + Trouble + After).TotalSeconds;
        var start = Stopwatch.GetTimestamp();
        var loads = Task.WhenAll(
            _clients.Select(async client => (Region: client.Key, Load: await client.Value.LoadAsync(Rate, seconds, Prefix, Books))));
        await Task.Delay(Before);
        var began = Stopwatch.GetElapsedTime(start);
        await trouble();
        var edit = _clients[DistantCluster.Europe].PutAsync(Edited, "New edition");
        var left = began + Trouble - Stopwatch.GetElapsedTime(start);
        await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        if (end is null)
            Network.Heal();
        else
            end();
        return new(began, Stopwatch.GetElapsedTime(start), (await loads).ToDictionary(load => load.Region, load => load.Load), await edit);
    }

    /// <summary>Runs the load with a cut in the midst of it.</summary>
    public Task<CutCourse> RunAsync(Action<DistantNetwork> cut) => RunAsync(() =>
    {
        cut(Network);
        return Task.CompletedTask;
    });

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _supervision.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _cluster.DisposeAsync();
        _ending.Dispose();
    }

    private async Task SuperviseAsync(string name)
    {
        while (!_ending.IsCancellationRequested)
        {
            var code = await Processes.Silo(name).Ended.WaitAsync(_ending.Token);
            _ended.Enqueue($"{name} with {code}");
            try
            {
                await Processes.RestartSiloAsync(name, _ending.Token);
            }
            catch (SiloProcessException error)
            {
                // It has ended too, and is started again.
                _ended.Enqueue(error.Message);
            }
        }
    }
}

/// <summary>What happened in a <see cref="CutRun"/>.</summary>
/// <param name="Began">When the trouble began, since the start of the load.</param>
/// <param name="Healed">When it ended.</param>
/// <param name="Loads">The lookups of each region.</param>
/// <param name="Edit">An edit in the home region, made when the trouble began, of a book that every region held.</param>
internal sealed record CutCourse(TimeSpan Began, TimeSpan Healed, IReadOnlyDictionary<string, LoadLine> Loads, EditLine Edit)
{
    /// <summary>The lookups of a region that were due in whole seconds from one time to another.</summary>
    public IEnumerable<LoadFigures> Seconds(string region, TimeSpan from, TimeSpan until) => Loads[region].Seconds
        .Where((_, second) => second >= from.TotalSeconds && second + 1 <= until.TotalSeconds);

    /// <summary>The lookups of a region from some time after the trouble.</summary>
    public IEnumerable<LoadFigures> After(string region, TimeSpan later) => Seconds(region, Healed + later, TimeSpan.MaxValue);

    /// <inheritdoc/>
    public override string ToString() => string.Join(
        Environment.NewLine,
        Loads.SelectMany(load => load.Value.Seconds.Index()
                .Where(second => second.Item is not { Failed: 0, Refused: 0, Flagged: 0, Hedged: 0 } || second.Item.Max > 1_000)
                .Select(second => $"{load.Key} second {second.Index}: {Measuring.Report.Text(second.Item)}")
                .Concat(load.Value.Messages)
                .Prepend($"{load.Key}: {Measuring.Report.Text(load.Value.Total)}"))
            .Prepend(FormattableString.Invariant(
                $"from {Began.TotalSeconds:0.0} to {Healed.TotalSeconds:0.0} s; edit {Edit.Ms:0} ms {Edit.Error}")));
}

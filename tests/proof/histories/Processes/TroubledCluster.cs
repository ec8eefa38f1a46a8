using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;
using OrleansCache.LocalClusters;
using OrleansCache.Proof.Clusters;
using OrleansCache.Proof.Faults;
using OrleansCache.Proof.Histories;
using OrleansCache.Proof.Schedules;

namespace OrleansCache.Proof.Processes;

/// <summary>
/// A cluster of real processes, silos and clients, into which faults are injected. Silos that end are restarted after a while.
/// </summary>
internal sealed class TroubledCluster : IAsyncDisposable
{
    public const string Home = "europe";

    /// <summary>The books that the clients read and edit.</summary>
    public static readonly string[] Books = ["history::one", "history::two", "history::three", "history::four"];

    public static readonly string[] Regions = [Home, "asia", "northamerica"];

    /// <summary>The length of leases: short, so that more happens within a run.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    private const int LinesShown = 60;

    private const int Killed = 128 + 9;

    // A silo that is stopped during its start may not handle the signal yet.
    private const int Terminated = 128 + 15;

    private static readonly TimeSpan Extension = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ShortestAbsence = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestAbsence = TimeSpan.FromMilliseconds(1_500);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanscache-history-");
    private readonly ConcurrentQueue<string> _events = new();
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<string> _declaredDead = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly History _sql = new(TimeProvider.System);
    private readonly Dictionary<string, ClientProcess> _clients = [];
    private readonly FaultOrders _orders;
    private readonly DistantNetwork? _network;
    private readonly ulong _seed;
    private readonly SplitMix64 _absences;
    private ProcessCluster? _silos;
    private Task _care = Task.CompletedTask;
    private long _began;

    private TroubledCluster(ulong seed, DistantNetwork? network) =>
        (_seed, _absences, _orders, _network) = (seed, new(seed), new(_folder.FullName), network);

    /// <summary>The silos of the home region, where the owners are, and those of the others.</summary>
    public static string[] Owners { get; } = ["europe.1", "europe.2"];

    public static string[] Others { get; } = ["asia.1", "northamerica.1"];

    /// <summary>The events, in order.</summary>
    public IEnumerable<string> Events => _events;

    /// <summary>Live silos that the cluster declared dead: during that time a slot may have had two owners.</summary>
    public IReadOnlyCollection<string> DeclaredDead => _declaredDead;

    /// <summary>The last lines of the silos' output.</summary>
    public IEnumerable<string> LastLines => _lines;

    /// <summary>How often a process caused a fault that it was ordered to cause.</summary>
    public int Done(Fault fault) => _orders.Told($"{fault}");

    private ProcessCluster Silos => _silos ?? throw new InvalidOperationException("The cluster has not been started.");

    /// <summary>Starts a cluster with its clients.</summary>
    /// <param name="seed">Determines the clients' calls and the faults.</param>
    /// <param name="network">The network on which it runs; null for this machine.</param>
    public static async Task<TroubledCluster> StartAsync(ulong seed, TroubledNetwork? network = null)
    {
        var made = network is null ? null : await DistantNetwork.StartAsync(new() { Hosts = Regions, Distances = network.Distances });
        var cluster = new TroubledCluster(seed, made);
        try
        {
            await cluster.StartAsync(network?.ClusteringRegion);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Injects the scheduled faults while the clients read and edit.</summary>
    /// <param name="length">The minimum duration.</param>
    /// <param name="atLeastOnce">
    /// Ordered faults that must happen: the run is extended until each has happened, by at most <see cref="Extension"/> for each.
    /// </param>
    /// <param name="schedules">The faults and their times.</param>
    /// <returns>All calls, and the number of reads that near caches answered.</returns>
    public async Task<(IReadOnlyList<Call> Calls, int NearHits)> RunAsync(
        TimeSpan length, IReadOnlyList<Fault> atLeastOnce, params IReadOnlyList<Schedule> schedules)
    {
        _began = Environment.TickCount64;
        _care = Task.WhenAll(Owners.Concat(Others).Select(CareForAsync));
        var faults = schedules.SelectMany(schedule => schedule.Faults).Select(fault => Task.Run(() => DoAsync(fault)));
        await Task.WhenAll(faults.Append(Task.Delay(length)));
        foreach (var fault in atLeastOnce.Where(fault => Done(fault) == 0))
            await OrderUntilDoneAsync(fault);
        _orders.Give(ClientProcess.End, ClientProcess.Everybody);
        var calls = new List<Call>(_sql.Calls());
        foreach (var client in _clients.Values)
            calls.AddRange(await client.CallsAsync());
        return (calls, _clients.Values.Sum(client => client.NearHits()));
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _care.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var client in _clients.Values)
            await client.DisposeAsync();
        if (_silos is not null)
            await _silos.DisposeAsync();
        _network?.Dispose();
        _folder.Delete(recursive: true);
        _ending.Dispose();
    }

    private async Task StartAsync(string? clusteringRegion)
    {
        _silos = await ProcessCluster.StartAsync(new()
        {
            Regions = Regions,
            Network = _network,
            ClusteringRegion = clusteringRegion,
            Program = typeof(TroubledCluster).Assembly.Location,
            PrepareCatalog = FillAsync,
            OnLine = Note,
            Settings = new Dictionary<string, string>
            {
                [FaultyServices.Folder] = _folder.FullName,
                [FaultyServices.Seed] = _seed.ToString(CultureInfo.InvariantCulture),
                ["Leases:Length"] = Lease.ToString(),
                // Without a cooldown, clients keep books that are edited all the time, and can be wrong about them.
                ["Leases:NearCacheCooldownAfterWrite"] = "00:00:00",
            },
        });
        await _silos.StartSiloAsync(Home, 2);
        var settings = Path.Combine(_folder.FullName, "client.json");
        await File.WriteAllTextAsync(settings, _silos.ClientJson);
        await Task.WhenAll(Regions.Select(async (region, i) =>
        {
            var host = _network?.Host(region) ?? NetworkHost.Loopback;
            var process = await ClientProcess.StartAsync(region, settings, _folder.FullName, _seed + (ulong)(100 * i), host);
            lock (_clients)
                _clients.Add(process.Name, process);
        }));
    }

    private static async Task FillAsync(CatalogOptions settings, CancellationToken cancellation)
    {
        await using var catalog = new SqliteCatalog(settings.ConnectionString);
        await catalog.InitializeAsync(cancellation);
    }

    private async Task DoAsync(ScheduledFault scheduled)
    {
        await Task.Delay(scheduled.At);
        Say($"{scheduled}");
        var (fault, who, duration) = (scheduled.Fault, scheduled.Target, scheduled.Duration);
        if (NetworkFaults.Has(fault) && _network is { } network)
            await DuringAsync(network, fault, who, duration);
        else if (fault.Point is not null)
            await DuringAsync(fault.ToString(), who, duration);
        else if (fault == Fault.KillSilo)
            await Silos.Silo(who).KillAsync();
        else if (fault == Fault.RestartSilo)
            await Silos.Silo(who).StopAsync();
        else if (fault == Fault.PauseSilo)
            await PauseAsync(Silos.Silo(who).PauseAsync, Silos.Silo(who).ResumeAsync, duration);
        else if (fault == Fault.PauseClient)
            await PauseAsync(_clients[who].PauseAsync, _clients[who].ResumeAsync, duration);
        else if (fault == Fault.HangRedis)
            await PauseAsync(Silos.Redis(who).PauseAsync, Silos.Redis(who).ResumeAsync, duration);
        else if (fault == Fault.EvictBook)
            _orders.Give(fault.Name, who);
        else if (fault == Fault.SqlEdit)
            await new SqlAuthor(Silos.Catalog.ConnectionString, _sql).EditAsync(who);
        else
            await DuringAsync(fault.Name, who, duration);
    }

    private void Note(string silo, string line)
    {
        _lines.Enqueue($"{silo}: {line}");
        while (_lines.Count > LinesShown)
            _lines.TryDequeue(out _);
    }

    private static async Task DuringAsync(DistantNetwork network, Fault fault, string target, TimeSpan duration)
    {
        NetworkFaults.Begin(network, fault, target);
        await Task.Delay(duration);
        NetworkFaults.End(network, fault, target);
    }

    private async Task DuringAsync(string order, string who, TimeSpan duration)
    {
        _orders.Give(order, who);
        await Task.Delay(duration);
        _orders.TryWithdraw(order, who);
    }

    /// <summary>Orders a fault of every process that can cause it, until one has.</summary>
    private async Task OrderUntilDoneAsync(Fault fault)
    {
        Say($"{fault} has not happened yet");
        string[] processes = fault.Point is not null ? [DeadlyPoints.AnyOwner]
            : fault == Fault.EvictBook ? [.. Owners, .. Others]
            : fault == Fault.LoseMessages ? [.. _clients.Keys]
            : [CatalogFaults.Everybody];
        for (var waited = Stopwatch.StartNew(); Done(fault) == 0 && waited.Elapsed < Extension;)
        {
            foreach (var process in processes)
                _orders.Give($"{fault}", process);
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        foreach (var process in processes)
            _orders.TryWithdraw($"{fault}", process);
    }

    private static async Task PauseAsync(Func<Task> pause, Func<Task> resume, TimeSpan duration)
    {
        await pause();
        await Task.Delay(duration);
        await resume();
    }

    private async Task CareForAsync(string name)
    {
        while (!_ending.IsCancellationRequested)
        {
            var code = await Silos.Silo(name).Ended.WaitAsync(_ending.Token);
            Say($"{name} ended with {code}");
            // A silo that ended without a kill or a stop has learned that the others declared it dead.
            if (code is not (0 or Killed or Terminated))
                _declaredDead.Enqueue(name);
            TimeSpan absence;
            lock (_absences)
                absence = _absences.Between(ShortestAbsence, LongestAbsence);
            await Task.Delay(absence, _ending.Token);
            try
            {
                await Silos.RestartSiloAsync(name, _ending.Token);
                Say($"{name} is back");
            }
            catch (SiloProcessException error)
            {
                // It has ended too, so it is started again.
                Say(error.Message);
            }
        }
    }

    private void Say(string what) =>
        _events.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{(Environment.TickCount64 - _began) / 1_000.0:0.000} {what}"));
}

using System.Collections.Concurrent;
using System.Globalization;
using OrleansCache.LocalClusters;

namespace OrleansCache.Cli.Cluster;

/// <summary>What of a local cluster can be broken and mended from its page, and what was done. Safe for concurrent use.</summary>
internal sealed class Breakage : IAsyncDisposable
{
    /// <summary>The name of the Redis with the membership table.</summary>
    public const string Clustering = "clustering";

    private const int MostDone = 200;
    private const double MostMilliseconds = 10_000;

    private readonly ConcurrentDictionary<string, bool> _paused = new();
    private readonly ConcurrentDictionary<string, bool> _starting = new();
    private readonly HashSet<(string, string)> _cut = [];
    private readonly Queue<Done> _done = new();
    private readonly Lock _lock = new();
    private readonly ProcessCluster _cluster;
    private readonly DistantNetwork? _network;
    private readonly SwitchedOff _off;
    private readonly TimeProvider _time;
    private readonly Traffic _traffic;
    private long _lastDone;

    /// <summary>Nothing is broken at first.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="network">The network with distance, or null.</param>
    /// <param name="off">Takes the processes that are ended on purpose.</param>
    /// <param name="time">The time of what was done.</param>
    public Breakage(ProcessCluster cluster, DistantNetwork? network, SwitchedOff off, TimeProvider time)
    {
        (_cluster, _network, _off, _time) = (cluster, network, off, time);
        _traffic = new(cluster, network, Note);
    }

    /// <summary>Whether a silo is paused.</summary>
    public bool IsPaused(string silo) => _paused.ContainsKey(SiloKey(silo));

    /// <summary>What there is, in which state.</summary>
    public BreakList List()
    {
        lock (_lock)
        {
            var regions = _cluster.Regions;
            return new(
                [.. _cluster.Silos.Select(silo => new Breakable(
                    silo.Name, silo.Region, StateOf(SiloKey(silo.Name), silo.Ended.IsCompleted)))],
                [.. regions.Append(Clustering).Select(name => new Breakable(
                    name, name == Clustering ? _cluster.ClusteringRegion : name, StateOf(RedisKey(name), Server(name).Ended.IsCompleted)))],
                _network is null
                    ? []
                    : [.. from i in Enumerable.Range(0, regions.Count)
                          from j in Enumerable.Range(i + 1, regions.Count - i - 1)
                          select new BreakableLink(
                              regions[i], regions[j], _network.RoundTrip(regions[i], regions[j]).TotalMilliseconds,
                              _cut.Contains((regions[i], regions[j])))],
                _traffic.PerSecond,
                [.. _done]);
        }
    }

    /// <summary>Does something to a silo: stop, kill, pause, resume or restart.</summary>
    /// <exception cref="ArgumentException">There is no such silo or action.</exception>
    public async Task SiloAsync(string name, string action)
    {
        var silo = _cluster.Silo(name);
        var key = SiloKey(name);
        switch (action)
        {
            case "stop":
                _off.Add(name);
                await ResumeAsync(key, silo.ResumeAsync).ConfigureAwait(false);
                Note(name, $"{name} was told to stop");
                await silo.StopAsync().ConfigureAwait(false);
                break;
            case "kill":
                _off.Add(name);
                Note(name, $"{name} was killed");
                await silo.KillAsync().ConfigureAwait(false);
                _paused.TryRemove(key, out _);
                break;
            case "pause":
                Note(name, $"{name} was paused: it runs no more, and its connections stay open");
                _paused[key] = true;
                await silo.PauseAsync().ConfigureAwait(false);
                break;
            case "resume":
                await ResumeAsync(key, silo.ResumeAsync).ConfigureAwait(false);
                Note(name, $"{name} goes on");
                break;
            case "restart":
                _off.Add(name);
                Note(name, $"{name} is started again");
                await StartAsync(key, () => _cluster.RestartSiloAsync(name)).ConfigureAwait(false);
                _off.Remove(name);
                Note(name, $"{name} is ready");
                break;
            default:
                throw Unknown(action, "stop, kill, pause, resume or restart");
        }
    }

    /// <summary>Does something to a Redis: kill, pause, resume or restart.</summary>
    /// <exception cref="ArgumentException">There is no such Redis or action.</exception>
    public async Task RedisAsync(string name, string action)
    {
        var server = Server(name);
        var (key, who) = (RedisKey(name), name == Clustering ? "the clustering Redis" : $"the Redis of {name}");
        switch (action)
        {
            case "stop" or "kill":
                _off.Add(key);
                Note(name, $"{who} was killed");
                await server.KillAsync().ConfigureAwait(false);
                _paused.TryRemove(key, out _);
                break;
            case "pause":
                Note(name, $"{who} was paused: it answers no more, and its connections stay open");
                _paused[key] = true;
                await server.PauseAsync().ConfigureAwait(false);
                break;
            case "resume":
                await ResumeAsync(key, server.ResumeAsync).ConfigureAwait(false);
                Note(name, $"{who} goes on");
                break;
            case "restart":
                _off.Add(key);
                await StartAsync(key, () => server.RestartAsync()).ConfigureAwait(false);
                _off.Remove(key);
                Note(name, $"{who} was started again, empty");
                break;
            default:
                throw Unknown(action, "kill, pause, resume or restart");
        }
    }

    /// <summary>Cuts or heals a link, or changes its round trip.</summary>
    /// <exception cref="ArgumentException">There is no such link or action, or the round trip is out of range.</exception>
    public void Link(string one, string other, string action, double? milliseconds)
    {
        if (_network is null)
            throw new ArgumentException("This cluster runs without distance, so it has no links: start it with --distance.", nameof(one));
        lock (_lock)
        {
            var pair = string.CompareOrdinal(Order(one), Order(other)) < 0 ? (one, other) : (other, one);
            switch (action)
            {
                case "cut":
                    _network.Cut(one, other);
                    _cut.Add(pair);
                    Note(one, $"the link between {one} and {other} was cut");
                    break;
                case "heal":
                    _network.Heal(one, other);
                    _cut.Remove(pair);
                    Note(one, $"the link between {one} and {other} was healed");
                    break;
                case "distance" when milliseconds is >= 0 and <= MostMilliseconds:
                    _network.SetRoundTrip(one, other, TimeSpan.FromMilliseconds(milliseconds.Value));
                    Note(one, string.Create(CultureInfo.InvariantCulture, $"{one} and {other} are {milliseconds:0} ms apart now"));
                    break;
                case "distance":
                    throw new ArgumentException(
                        $"The round trip is {milliseconds?.ToString(CultureInfo.InvariantCulture) ?? "missing"}; give ms=0 to "
                        + $"{MostMilliseconds:N0}.",
                        nameof(milliseconds));
                default:
                    throw Unknown(action, "cut, heal or distance");
            }
        }
    }

    /// <summary>Makes lookups from every region, so many a second in each; 0 ends them.</summary>
    /// <exception cref="ArgumentException">The number is out of range.</exception>
    /// <exception cref="InvalidOperationException">The clients cannot be started.</exception>
    public async Task TrafficAsync(int perSecond)
    {
        await _traffic.SetAsync(perSecond).ConfigureAwait(false);
        Note("", perSecond == 0 ? "the traffic was ended" : $"{perSecond:N0} lookups a second are made from each region");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _traffic.DisposeAsync();

    private static string SiloKey(string name) => name;

    private static string RedisKey(string name) => $"redis {name}";

    private static ArgumentException Unknown(string action, string known) =>
        new($"There is no action \"{action}\" here; there are {known}.", nameof(action));

    /// <summary>Text whose order is that of the regions in the cluster.</summary>
    private string Order(string region) => $"{_cluster.Regions.ToList().IndexOf(region):0000}";

    private LocalRedisServer Server(string name) => name == Clustering ? _cluster.ClusteringRedis : _cluster.Redis(name);

    private string StateOf(string key, bool ended) =>
        _starting.ContainsKey(key) ? "starting" : ended ? "ended" : _paused.ContainsKey(key) ? "paused" : "running";

    private async Task ResumeAsync(string key, Func<Task> resume)
    {
        if (_paused.TryRemove(key, out _))
            await resume().ConfigureAwait(false);
    }

    private async Task StartAsync(string key, Func<Task> start)
    {
        if (!_starting.TryAdd(key, true))
            throw new ArgumentException("It is being started already; wait until it is ready.", nameof(key));
        try
        {
            _paused.TryRemove(key, out _);
            await start().ConfigureAwait(false);
        }
        finally
        {
            _starting.TryRemove(key, out _);
        }
    }

    private void Note(string where, string what)
    {
        lock (_lock)
        {
            _done.Enqueue(new(++_lastDone, _time.GetUtcNow().ToUnixTimeMilliseconds(), where, what));
            while (_done.Count > MostDone)
                _done.Dequeue();
        }
    }
}

/// <summary>What can be broken.</summary>
/// <param name="Silos">The silos.</param>
/// <param name="Redis">The servers.</param>
/// <param name="Links">The links between regions; none without distance.</param>
/// <param name="Traffic">How many are made, a second and region.</param>
/// <param name="Done">What was done, the oldest first.</param>
internal sealed record BreakList(
    IReadOnlyList<Breakable> Silos,
    IReadOnlyList<Breakable> Redis,
    IReadOnlyList<BreakableLink> Links,
    int Traffic,
    IReadOnlyList<Done> Done);

/// <summary>A process that can be broken.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Region">Where it runs.</param>
/// <param name="State"><c>running</c>, <c>paused</c>, <c>ended</c> or <c>starting</c>.</param>
internal sealed record Breakable(string Name, string Region, string State);

/// <summary>A link that can be broken.</summary>
internal sealed record BreakableLink(string One, string Other, double Milliseconds, bool IsCut);

/// <summary>Something that was done.</summary>
/// <param name="Id">Increases.</param>
/// <param name="At">When, in milliseconds since 1970.</param>
/// <param name="Where">The name of what it was done to.</param>
/// <param name="Text">What was done.</param>
internal sealed record Done(long Id, long At, string Where, string Text);

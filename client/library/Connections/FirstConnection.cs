using Microsoft.Extensions.Options;

namespace OrleansCache.Client;

/// <summary>The connections to all regions, for those who wait for the first one.</summary>
internal interface IRegionConnections
{
    /// <summary>The state of each connection.</summary>
    IEnumerable<RegionConnection> All { get; }

    /// <summary>Begins to connect, if that has not begun: an application's host does so, and otherwise the first use.</summary>
    void Start();
}

/// <summary>
/// The first seconds of a process: nothing is late, and nothing fails, before a first gateway of any region has answered, or
/// <see cref="CacheClientOptions.ConnectDeadline"/> has passed since this client began to connect. Who comes later than that still waits
/// for a lookup's deadline.
/// </summary>
internal sealed class FirstConnection(
    IRegionConnections connections, RegionStates regions, IOptions<CacheClientOptions> clientOptions, TimeProvider time)
{
    private readonly CacheClientOptions _options = clientOptions.Value;
    private readonly Lock _gate = new();
    private long? _began;
    private int _waiting;

    /// <summary>Whether a gateway has answered, now or before.</summary>
    public bool IsMade => regions.FirstAnswer.IsCompleted;

    /// <summary>The calls that wait for it.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Waits for it.</summary>
    /// <exception cref="RegionUnavailableException">No gateway has answered; nothing was sent. The message names them.</exception>
    public async ValueTask WaitAsync(CancellationToken cancellation)
    {
        if (IsMade)
            return;
        connections.Start();
        long began;
        lock (_gate)
            began = _began ??= time.GetTimestamp();
        try
        {
            Interlocked.Increment(ref _waiting);
            var rest = _options.ConnectDeadline - time.GetElapsedTime(began);
            await regions.FirstAnswer.WaitAsync(rest > _options.Deadline ? rest : _options.Deadline, time, cancellation)
                .ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw Failure(time.GetElapsedTime(began));
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private RegionUnavailableException Failure(TimeSpan elapsed)
    {
        var tried = connections.All.Select(connection =>
            $"{connection.Region} ({(connection.Gateways.IsEmpty ? "the clustering Redis" : string.Join(", ", connection.Gateways))}): "
            + connection.Problem);
        return new(
            $"No gateway of any region has answered for {elapsed.TotalSeconds:N0} s (ConnectDeadline is "
            + $"{_options.ConnectDeadline.TotalSeconds:N0} s), and nothing was sent. {string.Join("; ", tried)}. "
            + "Check the gateways' addresses, and whether the silos run.");
    }
}

using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace OrleansCache.Client;

/// <summary>
/// The gateways of one region as they were last found: those that the options name, or those of the cluster's membership table, in which
/// the silos' names begin with their region. When none is found the last ones stay: a table that was lost is restored, and a region whose
/// silos are all gone may come back at the same addresses.
/// </summary>
internal sealed class RegionGateways
{
    private readonly string _prefix;
    private readonly HostAddress[] _named;
    private ImmutableArray<IPEndPoint> _known = [];

    public RegionGateways(ClientRegionOptions region)
    {
        _prefix = $"{region.Name}.";
        _named = [.. region.Gateways.Select(Parse)];
        if (_named.All(gateway => gateway.IsAddress))
            Take(_named.SelectMany(gateway => gateway.Endpoints()));
    }

    /// <summary>Whether the options name them.</summary>
    public bool AreNamed => _named.Length > 0;

    /// <summary>The gateways that were last found.</summary>
    public ImmutableArray<IPEndPoint> Known => ImmutableInterlocked.InterlockedCompareExchange(ref _known, default, default);

    /// <summary>The same as text; before any was found, those that the options name.</summary>
    public ImmutableArray<string> Names =>
        Known is { Length: > 0 } known
            ? [.. known.Select(endpoint => endpoint.ToString())]
            : [.. _named.Select(gateway => gateway.ToString())];

    /// <summary>Whether a silo of this name belongs to the region.</summary>
    public bool IsOf(string siloName) => siloName.StartsWith(_prefix, StringComparison.Ordinal);

    /// <summary>Takes the gateways that were found, if any.</summary>
    public ImmutableArray<IPEndPoint> Take(IEnumerable<IPEndPoint> found)
    {
        ImmutableArray<IPEndPoint> all = [.. found.Distinct()];
        if (all.Length > 0)
            ImmutableInterlocked.InterlockedExchange(ref _known, all);
        return Known;
    }

    /// <summary>Resolves the names of the options.</summary>
    /// <exception cref="SocketException">No name could be resolved, now or before.</exception>
    public async Task<ImmutableArray<IPEndPoint>> ResolveAsync(CancellationToken cancellation)
    {
        if (_named.All(gateway => gateway.IsAddress))
            return Known;
        var found = new List<IPEndPoint>();
        SocketException? unknown = null;
        foreach (var gateway in _named)
        {
            try
            {
                found.AddRange(await gateway.ResolveAsync(cancellation).ConfigureAwait(false));
            }
            catch (SocketException error)
            {
                // A silo that is being moved has no address for some time; the others are enough.
                unknown = error;
            }
        }

        var known = Take(found);
        return known.Length > 0 || unknown is null ? known : throw unknown;
    }

    public override string ToString() => Names is { Length: > 0 } names ? string.Join(", ", names) : "the clustering Redis";

    private static HostAddress Parse(string text) =>
        HostAddress.TryParse(text, out var address) ? address : throw new FormatException($"\"{text}\" is not host:port.");
}

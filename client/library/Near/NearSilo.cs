namespace OrleansCache.Client;

/// <summary>A silo that answers this client, one incarnation of it.</summary>
internal sealed class NearSilo(string region, string address)
{
    private const int MostNodes = 1_000;

    private readonly Dictionary<string, NearOrigin> _origins = [];
    private volatile bool _isJoined;

    public string Region => region;

    public string Address => address;

    /// <summary>Whether it knows this client, as far as is known here.</summary>
    public bool IsJoined
    {
        get => _isJoined;
        set => _isJoined = value;
    }

    /// <summary>Makes this client known to it; null while nobody does. This and what follows is guarded by <see cref="NearSilos"/>.</summary>
    public Task? Joining { get; set; }

    /// <summary>The moment from which that may be tried again.</summary>
    public long JoinFrom { get; set; }

    /// <summary>When it last answered.</summary>
    public long LastMet { get; set; }

    /// <summary>How many messages with renewals it has not answered, one after the other.</summary>
    public int Silences { get; set; }

    public NearOrigin OriginOf(string? node)
    {
        if (_origins.TryGetValue(node ?? "", out var known))
            return known;
        var origin = new NearOrigin(this, node);
        if (_origins.Count < MostNodes)
            _origins[node ?? ""] = origin;
        return origin;
    }
}

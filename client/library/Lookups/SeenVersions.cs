namespace OrleansCache.Client;

/// <summary>
/// The versions that this client has lately seen, so that no key goes back to an older one:
/// 1. when the catalog itself has a lower version than was seen before it was read, it was restored from a backup, and its version counts;
/// 2. a version is remembered for at least <see cref="Memory"/>, which is longer than any lease, unless very many keys are seen in that
///    time: the last 32,768 keys are remembered in any case, and never more than twice as many. Two generations of a dictionary give both
///    bounds: the older one is dropped as a whole.
/// </summary>
internal sealed class SeenVersions(TimeProvider time)
{
    /// <summary>The most keys that are remembered.</summary>
    public const int Capacity = 65_536;

    /// <summary>How long a version is remembered at least, unless the capacity is exceeded.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private Dictionary<string, long> _young = [];
    private Dictionary<string, long> _old = [];
    private long _turned = time.GetTimestamp();

    /// <summary>The lowest version that may be given; 0 when nothing is known.</summary>
    public long Of(string key)
    {
        lock (_gate)
            return Find(key);
    }

    /// <summary>Notes a version that was seen.</summary>
    public void Note(string key, long version)
    {
        lock (_gate)
            Put(key, Math.Max(version, Find(key)));
    }

    /// <summary>Notes the version of an answer, if the answer may be given.</summary>
    /// <param name="key">The key.</param>
    /// <param name="version">The answer's version.</param>
    /// <param name="fromCatalog">Whether the catalog itself was read for it.</param>
    /// <param name="before">What <see cref="Of"/> was before it was asked for.</param>
    /// <returns>False when a later version has been seen, and the answer must not be given.</returns>
    public bool TryPass(string key, long version, bool fromCatalog, long before)
    {
        lock (_gate)
        {
            var seen = Find(key);
            // A version that was seen after the catalog was read may be of an edit that followed the read.
            if (version < seen && !(fromCatalog && seen == before))
                return false;
            Put(key, version);
            return true;
        }
    }

    private long Find(string key)
    {
        var elapsed = time.GetElapsedTime(_turned);
        if (elapsed >= Memory)
        {
            // After a long pause both generations are too old.
            if (elapsed >= 2 * Memory)
                _young = [];
            Turn();
        }

        return _young.TryGetValue(key, out var version) ? version : _old.GetValueOrDefault(key);
    }

    private void Put(string key, long version)
    {
        // A flood of keys that never existed must not make it forget the others.
        if (version == 0 && !_young.ContainsKey(key) && !_old.ContainsKey(key))
            return;
        _young[key] = version;
        if (_young.Count >= Capacity / 2)
            Turn();
    }

    private void Turn()
    {
        (_old, _young) = (_young, []);
        _turned = time.GetTimestamp();
    }
}

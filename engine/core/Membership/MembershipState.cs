using System.Collections.Immutable;

namespace OrleansCache.Engine.Membership;

/// <summary>All that the membership table holds. Each change makes the next version of it.</summary>
/// <param name="TableId">Tells one life of the table from another: a table that was lost and written anew has a new one. Empty: the table has nothing yet.</param>
/// <param name="Version">Orders the states; never goes back in anybody's view, also not when the table is lost.</param>
/// <param name="Rows">The silos.</param>
internal sealed record MembershipState(string TableId, long Version, ImmutableDictionary<SiloAddress, MemberRow> Rows)
{
    /// <summary>How far the version goes on when a lost table is written anew: further than changes can be that only some silos have seen.</summary>
    private const long RestorationStep = 1000;

    public static MembershipState Empty { get; } = new("", 0, ImmutableDictionary<SiloAddress, MemberRow>.Empty);

    /// <summary>The next state, with these rows changed and no more than so many dead ones kept.</summary>
    public MembershipState Next(IEnumerable<MemberRow> changed, int mostDead)
    {
        var rows = Rows.SetItems(changed.Select(row => KeyValuePair.Create(row.Silo, row)));
        var forgotten = rows.Values.Where(row => !row.IsAlive).OrderByDescending(row => row.Silo.Generation).Skip(mostDead).Select(row => row.Silo);
        return new MembershipState(TableId.Length == 0 ? Guid.NewGuid().ToString("N") : TableId, Version + 1, rows.RemoveRange(forgotten));
    }

    /// <summary>Whether the table at this state cannot have come from the known one by changes alone: it was lost, or put back to an earlier state.</summary>
    public bool HasLost(MembershipState known) => known.Version > 0 && known.TableId.Length > 0 && (TableId != known.TableId || Version < known.Version);

    /// <summary>This state of a table that was lost, with what is known of the silos put back; itself when nothing is missing in it.</summary>
    public MembershipState Restored(MembershipState known)
    {
        var rows = Rows;
        foreach (var row in known.Rows.Values)
        {
            if (rows.TryGetValue(row.Silo, out var found)) rows = rows.SetItem(row.Silo, found.Later(row));
            else if (row.IsAlive) rows = rows.Add(row.Silo, row);
        }

        var isComplete = Version > known.Version && rows.All(pair => Rows.TryGetValue(pair.Key, out var found) && found.Status == pair.Value.Status);
        if (isComplete) return this;

        // A table that was put back to an earlier state gets a new identity as well, so that each silo looks whether it misses something.
        var id = TableId.Length == 0 || TableId == known.TableId ? Guid.NewGuid().ToString("N") : TableId;
        return new MembershipState(id, Math.Max(Version, known.Version) + RestorationStep, rows);
    }

    public ClusterMembershipSnapshot ToSnapshot() =>
        new(Rows.ToImmutableDictionary(pair => pair.Key, pair => new ClusterMember(pair.Key, pair.Value.Status, pair.Value.Name)), new MembershipVersion(Version));
}

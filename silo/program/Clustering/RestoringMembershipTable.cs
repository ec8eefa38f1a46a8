using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OrleansCache.Silo.Clustering;

/// <summary>
/// A membership table that is restored when its store has lost it, as a Redis without persistence does when it restarts, or its last
/// writes, as one does whose replica takes over. Orleans itself would go on with what is left: with an empty table the running silos and
/// those that join later would never learn of each other, and with an older one a silo that was declared dead would be alive again.
/// 1. The silo remembers the rows that it last read or wrote.
/// 2. The table has been lost if it does not exist, if its version is older than the remembered one, if it lacks an active silo, or if a
///    silo has an earlier status, which never happens otherwise. All remembered rows are then inserted again, those of dead silos too, and
///    rows with an earlier status get the remembered one, so that no dead silo finds itself alive.
/// 3. Then the table's version is raised above the remembered one, because silos ignore a table that is older than what they know.
/// Every silo does this, by the store's own compare-and-set, so that several silos can do it concurrently.
/// </summary>
internal sealed partial class RestoringMembershipTable(
    [FromKeyedServices(RestoringMembershipTable.Store)] IMembershipTable store, ILogger<RestoringMembershipTable> logger) : IMembershipTable
{
    /// <summary>The key of the service that holds the table.</summary>
    public const string Store = "store";

    // Each refusal means that another silo has made progress, so that a cluster of any real size needs fewer.
    private const int MostRefusals = 1_000;

    private readonly Lock _gate = new();
    private Memory _memory = new(ImmutableDictionary<SiloAddress, MembershipEntry>.Empty, 0);

    public Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken) =>
        store.InitializeMembershipTableAsync(tryInitTableVersion, cancellationToken);

    public async Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken)
    {
        await store.DeleteMembershipTableEntriesAsync(clusterId, cancellationToken).ConfigureAwait(false);
        lock (_gate)
            _memory = new(ImmutableDictionary<SiloAddress, MembershipEntry>.Empty, 0);
    }

    public Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken) =>
        store.CleanupDefunctSiloEntriesAsync(beforeDate, cancellationToken);

    public Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken) =>
        store.ReadRowAsync(key, cancellationToken);

    public async Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken)
    {
        // Read first: what is written during the read of the table may be missing in its result.
        var (known, version) = Volatile.Read(ref _memory);
        var read = await TryReadAsync(cancellationToken).ConfigureAwait(false);
        if (read is null
            || read.Version.Version < version
            || known.Values.Any(entry => (entry.Status is SiloStatus.Active && read.TryGet(entry.SiloAddress) is null)
                || Behind(read, entry) is not null))
        {
            read = await RestoreAsync(cancellationToken).ConfigureAwait(false);
        }

        Remember(read);
        return read;
    }

    public async Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken)
    {
        var done = await store.InsertRowAsync(entry, tableVersion, cancellationToken).ConfigureAwait(false);
        if (done)
            Remember(entry, tableVersion);
        return done;
    }

    public async Task<bool> UpdateRowAsync(
        MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken)
    {
        var done = await store.UpdateRowAsync(entry, etag, tableVersion, cancellationToken).ConfigureAwait(false);
        if (done)
            Remember(entry, tableVersion);
        return done;
    }

    public async Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            await store.UpdateIAmAliveAsync(entry, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A store that cannot be reached fails again here; one that has lost the row gets it back.
            await ReadAllAsync(cancellationToken).ConfigureAwait(false);
            await store.UpdateIAmAliveAsync(entry, cancellationToken).ConfigureAwait(false);
        }
    }

    Task IMembershipTable.InitializeMembershipTable(bool tryInitTableVersion) =>
        InitializeMembershipTableAsync(tryInitTableVersion, CancellationToken.None);

    Task IMembershipTable.DeleteMembershipTableEntries(string clusterId) =>
        DeleteMembershipTableEntriesAsync(clusterId, CancellationToken.None);

    Task IMembershipTable.CleanupDefunctSiloEntries(DateTimeOffset beforeDate) =>
        CleanupDefunctSiloEntriesAsync(beforeDate, CancellationToken.None);

    Task<MembershipTableData> IMembershipTable.ReadRow(SiloAddress key) => ReadRowAsync(key, CancellationToken.None);

    Task<MembershipTableData> IMembershipTable.ReadAll() => ReadAllAsync(CancellationToken.None);

    Task<bool> IMembershipTable.InsertRow(MembershipEntry entry, TableVersion tableVersion) =>
        InsertRowAsync(entry, tableVersion, CancellationToken.None);

    Task<bool> IMembershipTable.UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) =>
        UpdateRowAsync(entry, etag, tableVersion, CancellationToken.None);

    Task IMembershipTable.UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry, CancellationToken.None);

    /// <summary>The table, or null when there is none.</summary>
    private async Task<MembershipTableData?> TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadAllAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Orleans.Clustering.Redis.RedisClusteringException)
        {
            return null;
        }
    }

    private async Task<MembershipTableData> RestoreAsync(CancellationToken cancellationToken)
    {
        LogLost();
        await store.InitializeMembershipTableAsync(true, cancellationToken).ConfigureAwait(false);
        var refused = 0;
        while (true)
        {
            var read = await store.ReadAllAsync(cancellationToken).ConfigureAwait(false);
            var (known, version) = Volatile.Read(ref _memory);
            var missing = known.Values.FirstOrDefault(entry => read.TryGet(entry.SiloAddress) is null);
            var behind = known.Values.Select(entry => Behind(read, entry)).FirstOrDefault(row => row is not null);
            if (missing is null && behind is null && (read.Version.Version > version || read.Members.Count == 0))
                return read;
            // A refused write collided with another silo's; the table is read again either way.
            var next = read.Version.Next();
            var isWritten = missing is not null
                ? await store.InsertRowAsync(missing, next, cancellationToken).ConfigureAwait(false)
                : await UpdateAsync(behind ?? read.Members[0], next).ConfigureAwait(false);
            if (!isWritten && ++refused > MostRefusals)
            {
                throw new OrleansException(
                    $"The lost membership table could not be restored: {refused} writes were refused, at version {read.Version.Version}. "
                    + "The next read of the table tries again.");
            }
        }

        Task<bool> UpdateAsync(Tuple<MembershipEntry, string> row, TableVersion next) =>
            store.UpdateRowAsync(row.Item1, row.Item2, next, cancellationToken);
    }

    /// <summary>The row of the table with the remembered status, if the table has an earlier one, and its ETag; otherwise null.</summary>
    private static Tuple<MembershipEntry, string>? Behind(MembershipTableData read, MembershipEntry known) =>
        read.TryGet(known.SiloAddress) is { } row && row.Item1.Status < known.Status ? new(Copy(known), row.Item2) : null;

    private void Remember(MembershipTableData read)
    {
        lock (_gate)
        {
            // Concurrent reads may end out of order.
            if (read.Version.Version < _memory.Version)
                return;
            var rows = read.Members.ToImmutableDictionary(row => row.Item1.SiloAddress, row => Copy(row.Item1));
            _memory = new(rows, read.Version.Version);
        }
    }

    private void Remember(MembershipEntry entry, TableVersion version)
    {
        lock (_gate)
        {
            _memory = new(_memory.Rows.SetItem(entry.SiloAddress, Copy(entry)), Math.Max(_memory.Version, version.Version));
        }
    }

    /// <summary>Copies an entry: the caller goes on changing its own.</summary>
    private static MembershipEntry Copy(MembershipEntry entry) => new()
    {
        SiloAddress = entry.SiloAddress,
        SiloName = entry.SiloName,
        HostName = entry.HostName,
        RoleName = entry.RoleName,
        ProxyPort = entry.ProxyPort,
        UpdateZone = entry.UpdateZone,
        FaultZone = entry.FaultZone,
        Status = entry.Status,
        SuspectTimes = [.. entry.SuspectTimes ?? []],
        StartTime = entry.StartTime,
        IAmAliveTime = entry.IAmAliveTime,
    };

    [LoggerMessage(EventId = 1810, Level = LogLevel.Warning, Message = "The clustering Redis has lost the membership table; restoring it")]
    private partial void LogLost();

    /// <summary>The table as it was last read or written.</summary>
    private sealed record Memory(ImmutableDictionary<SiloAddress, MembershipEntry> Rows, int Version);
}

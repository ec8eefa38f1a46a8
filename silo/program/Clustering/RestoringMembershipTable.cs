using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OrleansCache.Silo.Clustering;

/// <summary>
/// A membership table that is written again when its store has lost it, as a Redis without a disk does when it is started anew.
/// Orleans itself would go on with an empty table: silos of before and silos that join would never hear of each other.
/// 1. What this silo last read or wrote is remembered.
/// 2. A table that is gone, that is older than that, or in which an active silo is missing, has been lost. All rows that are
///    remembered go back into it, those of the dead too, so that no dead silo takes itself for alive.
/// 3. Then the table's version is raised beyond the remembered one, for silos look at nothing older than what they know.
/// Every silo does so, by the store's own compare-and-set, so that several can do it at once.
/// </summary>
internal sealed partial class RestoringMembershipTable(
    [FromKeyedServices(RestoringMembershipTable.Store)] IMembershipTable store, ILogger<RestoringMembershipTable> logger) : IMembershipTable
{
    /// <summary>The key of the service that holds the table.</summary>
    public const string Store = "store";

    // Each refusal means that another silo has got further, so in a cluster of any size there are fewer.
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

    public Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken) => store.ReadRowAsync(key, cancellationToken);

    public async Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken)
    {
        // What is written while the table is read need not be in what was read.
        var (known, version) = Volatile.Read(ref _memory);
        var read = await TryReadAsync(cancellationToken).ConfigureAwait(false);
        if (read is null || read.Version.Version < version || known.Values.Any(entry => entry.Status is SiloStatus.Active && read.TryGet(entry.SiloAddress) is null))
            read = await RestoreAsync(cancellationToken).ConfigureAwait(false);
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

    public async Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken)
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
            // A store that cannot be reached fails here again, and one that has lost the row has it then.
            await ReadAllAsync(cancellationToken).ConfigureAwait(false);
            await store.UpdateIAmAliveAsync(entry, cancellationToken).ConfigureAwait(false);
        }
    }

    Task IMembershipTable.InitializeMembershipTable(bool tryInitTableVersion) => InitializeMembershipTableAsync(tryInitTableVersion, CancellationToken.None);

    Task IMembershipTable.DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId, CancellationToken.None);

    Task IMembershipTable.CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate, CancellationToken.None);

    Task<MembershipTableData> IMembershipTable.ReadRow(SiloAddress key) => ReadRowAsync(key, CancellationToken.None);

    Task<MembershipTableData> IMembershipTable.ReadAll() => ReadAllAsync(CancellationToken.None);

    Task<bool> IMembershipTable.InsertRow(MembershipEntry entry, TableVersion tableVersion) => InsertRowAsync(entry, tableVersion, CancellationToken.None);

    Task<bool> IMembershipTable.UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => UpdateRowAsync(entry, etag, tableVersion, CancellationToken.None);

    Task IMembershipTable.UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry, CancellationToken.None);

    /// <summary>Null when there is no table.</summary>
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
            if (missing is null && (read.Version.Version > version || read.Members.Count == 0))
                return read;
            // A write that is refused has met another silo's; the table is read again either way.
            var isWritten = missing is not null
                ? await store.InsertRowAsync(missing, read.Version.Next(), cancellationToken).ConfigureAwait(false)
                : await store.UpdateRowAsync(read.Members[0].Item1, read.Members[0].Item2, read.Version.Next(), cancellationToken).ConfigureAwait(false);
            if (!isWritten && ++refused > MostRefusals)
                throw new OrleansException($"The lost table of silos could not be written again: {refused} writes were refused, at version {read.Version.Version}. It is tried again when the table is read next.");
        }
    }

    private void Remember(MembershipTableData read)
    {
        lock (_gate)
        {
            // Reads may end in another order than that in which they began.
            if (read.Version.Version >= _memory.Version)
                _memory = new(read.Members.ToImmutableDictionary(row => row.Item1.SiloAddress, row => Copy(row.Item1)), read.Version.Version);
        }
    }

    private void Remember(MembershipEntry entry, TableVersion version)
    {
        lock (_gate)
        {
            _memory = new(_memory.Rows.SetItem(entry.SiloAddress, Copy(entry)), Math.Max(_memory.Version, version.Version));
        }
    }

    /// <summary>Its caller goes on to change what it was given.</summary>
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The clustering Redis has lost the table of silos; it is written again")]
    private partial void LogLost();

    /// <summary>What the table had when it was last seen.</summary>
    private sealed record Memory(ImmutableDictionary<SiloAddress, MembershipEntry> Rows, int Version);
}

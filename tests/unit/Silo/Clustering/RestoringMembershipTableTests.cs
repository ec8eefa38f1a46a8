using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Clustering.Redis;
using OrleansCache.Silo.Clustering;

namespace OrleansCache.Tests.Silo.Clustering;

/// <summary>The tables of several silos over one store, which loses its data.</summary>
public sealed class RestoringMembershipTableTests
{
    private static readonly SiloAddress Europe = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11111), 1);
    private static readonly SiloAddress Asia = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11112), 1);
    private static readonly SiloAddress NorthAmerica = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11113), 1);

    private readonly ForgetfulTable _store = new();

    [Fact]
    public async Task A_lost_table_is_restored_by_a_silo_that_reads_it_with_a_version_above_all_known_ones()
    {
        var table = await JoinAsync(Europe, Asia);
        var before = await table.ReadAllAsync(default);
        _store.Forget();

        var after = await table.ReadAllAsync(default);

        Assert.Equal(new[] { Europe, Asia }.Order(), Silos(after));
        Assert.Equal(2, before.Version.Version);
        Assert.Equal(3, after.Version.Version);
        Assert.Equal(Silos(after), Silos(await _store.ReadAllAsync(default)));
    }

    [Fact]
    public async Task A_silo_that_reports_that_it_is_alive_restores_its_row()
    {
        var table = await JoinAsync(Europe);
        _store.Forget();

        await table.UpdateIAmAliveAsync(new() { SiloAddress = Europe, IAmAliveTime = DateTime.UnixEpoch }, default);

        Assert.Equal(DateTime.UnixEpoch, Assert.Single((await _store.ReadAllAsync(default)).Members).Item1.IAmAliveTime);
    }

    [Fact]
    public async Task A_silo_that_joins_an_empty_table_and_the_earlier_silos_find_each_other()
    {
        var before = await JoinAsync(Europe, Asia);
        await before.ReadAllAsync(default);
        _store.Forget();
        await JoinAsync(NorthAmerica);

        var read = await before.ReadAllAsync(default);

        Assert.Equal(new[] { Europe, Asia, NorthAmerica }.Order(), Silos(read));
        Assert.True(read.Version.Version > 2);
    }

    [Fact]
    public async Task An_active_silo_that_is_missing_in_a_table_that_is_not_older_is_put_back()
    {
        var europe = await JoinAsync(Europe);
        var asia = await JoinAsync(Asia);
        _store.Forget();
        // It does not know the other silo, and raises the version far enough for its table to be accepted.
        await europe.ReadAllAsync(default);
        await WriteAsync(europe, Europe);
        Assert.Equal([Europe], Silos(await _store.ReadAllAsync(default)));

        Assert.Equal(new[] { Europe, Asia }.Order(), Silos(await asia.ReadAllAsync(default)));
    }

    [Fact]
    public async Task A_silo_that_was_declared_dead_stays_dead()
    {
        var europe = await JoinAsync(Europe);
        var asia = await JoinAsync(Asia);
        await WriteAsync(europe, Asia, SiloStatus.Dead);
        _store.Forget();
        await europe.ReadAllAsync(default);

        var read = await asia.ReadAllAsync(default);

        Assert.Equal(SiloStatus.Dead, read.TryGet(Asia)!.Item1.Status);
        Assert.Equal(SiloStatus.Active, read.TryGet(Europe)!.Item1.Status);
    }

    [Fact]
    public async Task A_silo_that_was_declared_dead_stays_dead_in_a_store_that_has_lost_its_last_writes()
    {
        var europe = await JoinAsync(Europe);
        await JoinAsync(Asia);
        await europe.ReadAllAsync(default);
        var older = _store.Copy();
        await WriteAsync(europe, Asia, SiloStatus.Dead);
        _store.Replace(older);
        // The silo that was taken for dead writes to the older table, so that its version is not lower any more.
        var asia = await JoinAsync();
        for (var write = 0; write < 3; write++)
            await WriteAsync(asia, Asia, SiloStatus.Active);

        var read = await europe.ReadAllAsync(default);

        Assert.Equal(SiloStatus.Dead, read.TryGet(Asia)!.Item1.Status);
        Assert.Equal(SiloStatus.Dead, (await _store.ReadAllAsync(default)).TryGet(Asia)!.Item1.Status);
    }

    [Fact]
    public async Task Changes_to_a_returned_row_that_were_not_written_are_not_remembered()
    {
        var table = await JoinAsync(Europe, Asia);
        (await table.ReadAllAsync(default)).TryGet(Asia)!.Item1.Status = SiloStatus.Dead;
        _store.Forget();

        Assert.Equal(SiloStatus.Active, (await table.ReadAllAsync(default)).TryGet(Asia)!.Item1.Status);
    }

    [Fact]
    public async Task A_dead_silos_row_that_was_cleaned_up_does_not_come_back()
    {
        var table = await JoinAsync(Europe, Asia);
        await WriteAsync(table, Asia, SiloStatus.Dead);
        _store.Remove(Asia);

        Assert.Equal([Europe], Silos(await table.ReadAllAsync(default)));
        Assert.Equal([Europe], Silos(await _store.ReadAllAsync(default)));
    }

    [Fact]
    public async Task Silos_that_put_a_table_back_at_once_do_not_undo_each_others_work()
    {
        var tables = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => JoinAsync()));
        for (var i = 0; i < tables.Length; i++)
            await WriteAsync(tables[i], SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 20_000 + i), 1));
        _store.Forget();

        await Task.WhenAll(tables.Select(table => Task.Run(() => table.ReadAllAsync(default))));

        var read = await _store.ReadAllAsync(default);
        Assert.Equal(8, read.Members.Count);
        Assert.True(read.Version.Version > 8);
    }

    [Fact]
    public async Task A_store_that_cannot_be_reached_is_an_error()
    {
        var table = await JoinAsync(Europe);
        _store.IsAway = true;

        await Assert.ThrowsAsync<IOException>(() => table.ReadAllAsync(default));
        await Assert.ThrowsAsync<IOException>(() => table.UpdateIAmAliveAsync(new() { SiloAddress = Europe }, default));
    }

    private static SiloAddress[] Silos(MembershipTableData table) => [.. table.Members.Select(row => row.Item1.SiloAddress).Order()];

    /// <summary>A silo's own table, through which it has written rows.</summary>
    private async Task<RestoringMembershipTable> JoinAsync(params SiloAddress[] silos)
    {
        var table = new RestoringMembershipTable(_store, NullLogger<RestoringMembershipTable>.Instance);
        await table.InitializeMembershipTableAsync(true, default);
        foreach (var silo in silos)
            await WriteAsync(table, silo);
        return table;
    }

    private static async Task WriteAsync(RestoringMembershipTable table, SiloAddress silo, SiloStatus status = SiloStatus.Active)
    {
        var read = await table.ReadAllAsync(default);
        var entry = new MembershipEntry { SiloAddress = silo, SiloName = silo.ToString(), Status = status };
        Assert.True(read.TryGet(silo) is { } row
            ? await table.UpdateRowAsync(entry, row.Item2, read.Version.Next(), default)
            : await table.InsertRowAsync(entry, read.Version.Next(), default));
    }

    /// <summary>A table with the rules of the one in Redis: without a version there is no table, and each write raises it by one.</summary>
    private sealed class ForgetfulTable : IMembershipTable
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<SiloAddress, MembershipEntry> _rows = [];
        private int? _version;

        public bool IsAway { get; set; }

        public void Forget()
        {
            lock (_gate)
            {
                _rows.Clear();
                _version = null;
            }
        }

        /// <summary>The table as it is now, as a replica has it.</summary>
        public (MembershipEntry[] Rows, int? Version) Copy()
        {
            lock (_gate)
                return ([.. _rows.Values.Select(Copy)], _version);
        }

        /// <summary>Goes back to an earlier table, as when the replica takes over.</summary>
        public void Replace((MembershipEntry[] Rows, int? Version) table)
        {
            lock (_gate)
            {
                _rows.Clear();
                foreach (var row in table.Rows)
                    _rows.Add(row.SiloAddress, row);
                _version = table.Version;
            }
        }

        public void Remove(SiloAddress silo)
        {
            lock (_gate)
                Assert.True(_rows.Remove(silo));
        }

        public Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken) =>
            Task.FromResult(Do(() => _version ??= 0));

        public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken) => Run(() =>
        {
            var version = _version ?? throw new RedisClusteringException("There is no table.");
            var etag = version.ToString(CultureInfo.InvariantCulture);
            return new MembershipTableData([.. _rows.Values.Select(row => Tuple.Create(Copy(row), etag))], new TableVersion(version, etag));
        });

        public Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken) =>
            Run(() => Write(entry, tableVersion, isThere: false));

        public Task<bool> UpdateRowAsync(
            MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken) =>
            Run(() => Write(entry, tableVersion, isThere: true));

        public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken) => Run(() =>
            _rows.TryGetValue(entry.SiloAddress, out var row)
                ? row.IAmAliveTime = entry.IAmAliveTime
                : throw new RedisClusteringException("There is no row."));

        Task IMembershipTable.InitializeMembershipTable(bool tryInitTableVersion) => throw new NotSupportedException();

        Task IMembershipTable.DeleteMembershipTableEntries(string clusterId) => throw new NotSupportedException();

        Task IMembershipTable.CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => throw new NotSupportedException();

        Task<MembershipTableData> IMembershipTable.ReadRow(SiloAddress key) => throw new NotSupportedException();

        Task<MembershipTableData> IMembershipTable.ReadAll() => throw new NotSupportedException();

        Task<bool> IMembershipTable.InsertRow(MembershipEntry entry, TableVersion tableVersion) => throw new NotSupportedException();

        Task<bool> IMembershipTable.UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) =>
            throw new NotSupportedException();

        Task IMembershipTable.UpdateIAmAlive(MembershipEntry entry) => throw new NotSupportedException();

        private static MembershipEntry Copy(MembershipEntry row) =>
            new() { SiloAddress = row.SiloAddress, SiloName = row.SiloName, Status = row.Status, IAmAliveTime = row.IAmAliveTime };

        private bool Write(MembershipEntry entry, TableVersion version, bool isThere)
        {
            if (_version is null
                || version.VersionEtag != _version.Value.ToString(CultureInfo.InvariantCulture)
                || version.Version != _version + 1
                || _rows.ContainsKey(entry.SiloAddress) != isThere)
                return false;
            _version = version.Version;
            _rows[entry.SiloAddress] = Copy(entry);
            return true;
        }

        private async Task<T> Run<T>(Func<T> action)
        {
            await Task.Yield();
            return Do(action);
        }

        private T Do<T>(Func<T> action)
        {
            if (IsAway)
                throw new IOException("The store is away.");
            lock (_gate)
                return action();
        }
    }
}

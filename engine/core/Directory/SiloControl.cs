using OrleansCache.Engine.Hosting;
using OrleansCache.Engine.Membership;
using OrleansCache.Engine.Messaging;

namespace OrleansCache.Engine.Directory;

/// <summary>Answers what other silos ask this one.</summary>
internal sealed class SiloControl(GrainDirectory directory, ClusterMembership membership, InProcessMembershipTable? table, Func<string, bool> hasClient, OwnedTasks tasks) : ISiloControl, ICallHost
{
    public ValueTask<DirectoryReply> LookupAsync(long version, GrainId grain) => directory.OnLookupAsync(version, grain);

    public ValueTask<DirectoryReply> RegisterAsync(long version, GrainId grain, SiloAddress silo, long activation) => directory.OnRegisterAsync(version, grain, silo, activation);

    public ValueTask<DirectoryReply> UnregisterAsync(long version, GrainId grain, SiloAddress silo, long activation) => directory.OnUnregisterAsync(version, grain, silo, activation);

    public ValueTask<RegisteredActivation[]> ListActivationsAsync(long version, SiloAddress[] ring, SiloAddress keeper) => directory.OnListAsync(version, ring, keeper);

    public ValueTask<bool> HasClientAsync(string clientId) => ValueTask.FromResult(hasClient(clientId));

    public ValueTask<long> ProbeAsync(long version, CancellationToken token)
    {
        if (version > membership.State.Version) tasks.Run(() => membership.Refresh(new MembershipVersion(version), CancellationToken.None).AsTask());
        return ValueTask.FromResult(membership.State.Version);
    }

    public async ValueTask AnnounceAsync(string membershipText) => await membership.OnAnnouncedAsync(MembershipText.Read(membershipText));

    public ValueTask<string> GetMembershipAsync(CancellationToken token) => ValueTask.FromResult(MembershipText.Write(membership.State));

    public async ValueTask<string> ReadTableAsync(CancellationToken token) => MembershipText.Write(await Table().ReadAsync(token));

    public ValueTask<bool> WriteTableAsync(string membershipText, long expected, CancellationToken token) => Table().TryWriteAsync(MembershipText.Read(membershipText), expected, token);

    public void Run(Call call) => tasks.Run(() => call.StartAsync(this, this));

    void ICallHost.Finished(Call call)
    {
    }

    void ICallHost.Post(Action action) => action();

    private InProcessMembershipTable Table() =>
        table ?? throw new OrleansException("This silo does not hold the membership table. Name the silo that was started without a primary one as the primary.");
}

using OrleansCache.Engine.Hosting;
using OrleansCache.Engine.Messaging;

namespace OrleansCache.Engine.Directory;

/// <summary>Answers what other silos ask this one.</summary>
internal sealed class SiloControl(GrainDirectory directory, Func<string, bool> hasClient, OwnedTasks tasks) : ISiloControl, ICallHost
{
    public ValueTask<DirectoryReply> LookupAsync(long version, GrainId grain) => directory.OnLookupAsync(version, grain);

    public ValueTask<DirectoryReply> RegisterAsync(long version, GrainId grain, SiloAddress silo, long activation) => directory.OnRegisterAsync(version, grain, silo, activation);

    public ValueTask<DirectoryReply> UnregisterAsync(long version, GrainId grain, SiloAddress silo, long activation) => directory.OnUnregisterAsync(version, grain, silo, activation);

    public ValueTask<RegisteredActivation[]> ListActivationsAsync(long version, SiloAddress[] ring, SiloAddress keeper) => directory.OnListAsync(version, ring, keeper);

    public ValueTask<bool> HasClientAsync(string clientId) => ValueTask.FromResult(hasClient(clientId));

    public void Run(Call call) => tasks.Run(() => call.StartAsync(this, this));

    void ICallHost.Finished(Call call)
    {
    }

    void ICallHost.Post(Action action) => action();
}

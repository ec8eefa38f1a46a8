namespace OrleansCache.Engine.Messaging;

/// <summary>What runs calls: an activation, an observer, a service of the silo.</summary>
internal interface ICallHost
{
    /// <summary>Called when a call that was started has been answered.</summary>
    void Finished(Call call);

    /// <summary>Runs an action between the turns of the host's calls.</summary>
    void Post(Action action);
}

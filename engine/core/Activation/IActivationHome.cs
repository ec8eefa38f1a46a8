namespace OrleansCache.Engine.Activation;

/// <summary>What a grain's base class asks of the activation that it lives in.</summary>
internal interface IActivationHome
{
    string SiloIdentity { get; }

    IGrainFactory GrainFactory { get; }

    void DelayDeactivation(TimeSpan timeSpan);

    IGrainTimer RegisterTimer<TState>(Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options);
}

namespace OrleansCache.Engine.Tests.Activation;

/// <inheritdoc cref="IBorrowerGrain"/>
public sealed class BorrowerGrain(Loan loan) : Grain, IBorrowerGrain
{
    /// <inheritdoc/>
    public Task<Guid> Loan() => Task.FromResult(loan.Id);

    /// <inheritdoc/>
    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

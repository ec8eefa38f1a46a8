namespace OrleansCache.Engine.Messaging;

/// <summary>Brings calls to where they are run.</summary>
internal interface ICallRouter
{
    void Route(Call call);
}

namespace Orleans;

/// <summary>The stages of a silo's start.</summary>
public static class ServiceLifecycleStage
{
    /// <summary>Before all others.</summary>
    public const int First = int.MinValue;

    /// <summary>The runtime prepares itself.</summary>
    public const int RuntimeInitialize = 2000;

    /// <summary>The runtime's services start; the silo's connections open.</summary>
    public const int RuntimeServices = 4000;

    /// <summary>The application's services start. Grains cannot be called yet.</summary>
    public const int ApplicationServices = 10000;

    /// <summary>The silo joins the cluster.</summary>
    public const int BecomeActive = 19999;

    /// <summary>The silo is part of the cluster and grains can be called.</summary>
    public const int Active = 20000;

    /// <summary>After all others.</summary>
    public const int Last = int.MaxValue;
}

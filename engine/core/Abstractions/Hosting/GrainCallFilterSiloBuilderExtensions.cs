using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Engine.Filters;

namespace Orleans.Hosting;

/// <summary>Ways to add filters to a silo's calls. Each call goes through them in the order in which they were added.</summary>
public static class GrainCallFilterSiloBuilderExtensions
{
    /// <summary>Adds a filter of the calls that arrive at the silo's grains and observers.</summary>
    /// <param name="builder">The silo's builder.</param>
    /// <param name="filter">The filter.</param>
    public static ISiloBuilder AddIncomingGrainCallFilter(this ISiloBuilder builder, IIncomingGrainCallFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return builder.ConfigureServices(services => services.AddSingleton(filter));
    }

    /// <summary>Adds a filter of the calls that arrive at the silo's grains and observers.</summary>
    /// <typeparam name="TImplementation">The filter; its constructor may ask for the silo's services.</typeparam>
    /// <param name="builder">The silo's builder.</param>
    public static ISiloBuilder AddIncomingGrainCallFilter<TImplementation>(this ISiloBuilder builder)
        where TImplementation : class, IIncomingGrainCallFilter => builder.ConfigureServices(services => services.AddSingleton<IIncomingGrainCallFilter, TImplementation>());

    /// <summary>Adds a filter of the calls that arrive at the silo's grains and observers.</summary>
    /// <param name="builder">The silo's builder.</param>
    /// <param name="filter">What the filter does.</param>
    public static ISiloBuilder AddIncomingGrainCallFilter(this ISiloBuilder builder, IncomingGrainCallFilterDelegate filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return builder.AddIncomingGrainCallFilter(new IncomingDelegateFilter(filter));
    }

    /// <summary>Adds a filter of the calls that code of the silo makes.</summary>
    /// <param name="builder">The silo's builder.</param>
    /// <param name="filter">The filter.</param>
    public static ISiloBuilder AddOutgoingGrainCallFilter(this ISiloBuilder builder, IOutgoingGrainCallFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return builder.ConfigureServices(services => services.AddSingleton(filter));
    }

    /// <summary>Adds a filter of the calls that code of the silo makes.</summary>
    /// <typeparam name="TImplementation">The filter; its constructor may ask for the silo's services.</typeparam>
    /// <param name="builder">The silo's builder.</param>
    public static ISiloBuilder AddOutgoingGrainCallFilter<TImplementation>(this ISiloBuilder builder)
        where TImplementation : class, IOutgoingGrainCallFilter => builder.ConfigureServices(services => services.AddSingleton<IOutgoingGrainCallFilter, TImplementation>());

    /// <summary>Adds a filter of the calls that code of the silo makes.</summary>
    /// <param name="builder">The silo's builder.</param>
    /// <param name="filter">What the filter does.</param>
    public static ISiloBuilder AddOutgoingGrainCallFilter(this ISiloBuilder builder, OutgoingGrainCallFilterDelegate filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return builder.AddOutgoingGrainCallFilter(new OutgoingDelegateFilter(filter));
    }
}

"""Pages of the desk's host beside the windows of the rooms."""

from django.urls import path

from frontend.platform.desk import downloads, handing_over, provisioning, sign_in, taking_out, work

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("logout/", sign_in.sign_out, name="logout"),  # where Unfold's button leads
    path("deliveries/", work.deliveries, name="desk_deliveries"),
    path("deliveries/<slug:schema>/<int:delivery_id>/<slug:deed>/", work.delivery_deed, name="desk_delivery_deed"),
    path("brand-jobs/", work.jobs, name="desk_jobs"),
    path("brand-jobs/<slug:schema>/<uuid:job_id>/stop/", work.job_stop, name="desk_job_stop"),
    path("brands/brand/<int:brand_id>/administrator/", handing_over.administrator, name="desk_administrator"),
    path("setting-up/<uuid:job_id>/", provisioning.progress, name="desk_progress"),
    path("setting-up/<uuid:job_id>/steps/", provisioning.steps, name="desk_progress_steps"),
    path("lists-out/<slug:name>/ask/", taking_out.list_out, name="desk_list_out"),
    path("lists-out/<uuid:job_id>/", taking_out.list_file, name="desk_list_file"),
    path("lists-out/<uuid:job_id>/steps/", taking_out.list_steps, name="desk_list_steps"),
    path("licences/<uuid:licence_id>/scan/<int:place>/", downloads.scan, name="desk_scan"),
    path("jobs/<uuid:job_id>/file/", downloads.job_file, name="desk_job_file"),
]
